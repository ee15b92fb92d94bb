import type { Problem } from "../../../schemas/mod.ts"
import { Result, type Schema } from "effect"
import { checked } from "../format/shape.ts"
import type { Reading } from "./Source.ts"

/** Records, and nothing left out. */
export const all = <A>(...records: ReadonlyArray<A>): Reading<A> => ({ records, dropped: {} })

/** No record: the row is left out by a rule. */
export const leftOut = (rule: string): Reading<never> => ({ records: [], dropped: { [rule]: 1 } })

/** The reader of rows of one layout; `convert` may still refuse a row for its contents. */
export const reader = <Raw, A>(
  raw: Schema.Codec<Raw, unknown>,
  convert: (row: Raw, id: string) => Reading<A> | Result.Result<Reading<A>, Problem>
) => {
  const check = checked(raw)
  return (value: unknown, id: string): Result.Result<Reading<A>, Problem> =>
    Result.flatMap(check(value), (row) => {
      const reading = convert(row, id)
      return Result.isResult(reading) ? reading : Result.succeed(reading)
    })
}
