import { Result, Schema } from "effect"
import { firstProblem, type Problem } from "../../../schemas/mod.ts"
import type { RowReader } from "./RowReader.ts"

/** A problem of a row in one line: field, found, wanted. */
export const told = ({ field, found, wanted }: Problem): string =>
  `${field === "" ? "" : `field "${field}": `}found ${found}, wanted ${wanted}`

/** Checks a value against a schema; what does not fit is the first field that differs. */
export const checked = <Raw>(raw: Schema.Codec<Raw, unknown>): ((value: unknown) => Result.Result<Raw, Problem>) => {
  const decode = Schema.decodeUnknownResult(raw)
  return (value) => Result.mapError(decode(value), (error) => firstProblem(raw, error, value))
}

/** The reader of rows of one shape, where a row that fits the schema may still be refused by its contents. */
export const shape = <Raw, A>(
  raw: Schema.Codec<Raw, unknown>,
  convert: (row: Raw, id: string) => Result.Result<A, Problem>
): RowReader<A> => {
  const check = checked(raw)
  return (value, id) =>
    Result.mapError(
      Result.flatMap(check(value), (row) => convert(row, id)),
      told
    )
}
