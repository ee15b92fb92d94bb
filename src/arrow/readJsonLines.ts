import { Effect, type FileSystem, Result, Schema, Stream } from "effect"
import { type Batch, fromRows } from "./Batch.ts"
import { ArrowError, NotJson, RowInvalid } from "./errors.ts"
import { firstProblem } from "./firstProblem.ts"
import type { Line } from "./lines.ts"
import { readLines } from "./readLines.ts"
import type { RecordSchema } from "./RecordSchema.ts"

/** Rows in a batch, unless the caller says otherwise. */
const defaultBatchSize = 256
/** Longest part of a line that an error shows. */
const shown = 60

const decoder = new TextDecoder("utf-8", { fatal: true })

const parse = (path: string, line: Line): Result.Result<unknown, ArrowError> =>
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

const decodeLine = <A>(path: string, schema: RecordSchema<A>) => {
  const decode = Schema.decodeUnknownResult(schema)
  return (line: Line): Result.Result<A, ArrowError> =>
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

/**
 * The records of a file that holds one JSON object per line, in the order of the file; blank lines are skipped, and so
 * are keys the schema does not know. A name that ends in `.gz` is unpacked.
 *
 * Units    `batchSize` in rows; memory holds one batch at a time.
 * Fails    ArrowError (FileMissing, FileRefused, FileDamaged, NotJson, RowInvalid)
 */
export const readJsonLines = <A>(
  path: string,
  schema: RecordSchema<A>,
  { batchSize = defaultBatchSize }: { readonly batchSize?: number } = {}
): Stream.Stream<Batch<A>, ArrowError, FileSystem.FileSystem> => {
  const decode = decodeLine(path, schema)
  return readLines(path).pipe(
    Stream.grouped(batchSize),
    Stream.mapEffect((group) => Effect.fromResult(Result.all(group.map(decode)))),
    Stream.map((rows) => fromRows(schema, rows))
  )
}
