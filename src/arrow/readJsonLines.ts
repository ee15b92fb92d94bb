import { Effect, type FileSystem, Result, Stream } from "effect"
import { type Batch, fromRows } from "./Batch.ts"
import { decodeLine } from "./decodeLine.ts"
import type { ArrowError } from "./errors.ts"
import { readLines } from "./readLines.ts"
import type { RecordSchema } from "./RecordSchema.ts"

/** Rows in a batch, unless the caller says otherwise. */
const defaultBatchSize = 256
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
