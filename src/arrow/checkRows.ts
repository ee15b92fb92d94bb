import { Result, Schema } from "effect"
import { ArrowError, RowInvalid } from "./errors.ts"
import { firstProblem } from "../../schemas/mod.ts"
import type { RecordSchema } from "./RecordSchema.ts"

/**
 * The rows when each fits the type side of `schema`; `first` is the number of the first row in the file.
 *
 * Fails    ArrowError (RowInvalid)
 */
export const checkRows = <A>(action: "read" | "write", path: string, schema: RecordSchema<A>) => {
  const target = Schema.toType(schema)
  const decode = Schema.decodeUnknownResult(target)
  return (rows: ReadonlyArray<A>, first: number): Result.Result<ReadonlyArray<A>, ArrowError> =>
    Result.map(
      Result.all(
        rows.map((row, i) =>
          Result.mapError(decode(row), (error) => {
            const problem = firstProblem(target, error, row)
            const reason = new RowInvalid({ place: "row", number: first + i, ...problem })
            return new ArrowError({ action, path, reason })
          })
        )
      ),
      () => rows
    )
}
