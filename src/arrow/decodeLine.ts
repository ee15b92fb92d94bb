import { Result, Schema } from "effect"
import { ArrowError, NotJson, RowInvalid } from "./errors.ts"
import { firstProblem } from "../../schemas/mod.ts"
import type { Line } from "./lines.ts"
import type { RecordSchema } from "./RecordSchema.ts"

/** Longest part of a line that an error shows. */
const shown = 60

const decoder = new TextDecoder("utf-8", { fatal: true })

const parse = (path: string, line: Pick<Line, "number" | "bytes">): Result.Result<unknown, ArrowError> =>
  Result.try({
    try: (): unknown => JSON.parse(decoder.decode(line.bytes)),
    catch: () => {
      const text = new TextDecoder().decode(line.bytes.subarray(0, shown))
      return new ArrowError({
        action: "read",
        path,
        reason: new NotJson({ line: line.number, found: JSON.stringify(text) })
      })
    }
  })

/**
 * The record that a line of JSON holds; `path` is named in errors.
 *
 * Fails    ArrowError (NotJson, RowInvalid)
 */
export const decodeLine = <A>(path: string, schema: RecordSchema<A>) => {
  const decode = Schema.decodeUnknownResult(schema)
  return (line: Pick<Line, "number" | "bytes">): Result.Result<A, ArrowError> =>
    Result.flatMap(parse(path, line), (input) =>
      Result.mapError(decode(input), (error) => {
        const problem = firstProblem(schema, error, input)
        return new ArrowError({
          action: "read",
          path,
          reason: new RowInvalid({ place: "line", number: line.number, ...problem })
        })
      })
    )
}
