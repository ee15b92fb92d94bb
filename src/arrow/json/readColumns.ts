import { Effect, type FileSystem, Stream } from "effect"
import type { ArrowError } from "../errors.ts"
import { readJsonLines } from "../readJsonLines.ts"
import { toRecordBatch } from "../recordBatch.ts"
import type { RecordSchema } from "../RecordSchema.ts"
import { schemaOf } from "../schemaOf.ts"
import { blocks } from "./blocks.ts"
import { type ColumnBatch, fromColumns } from "./ColumnBatch.ts"
import { readChunks } from "./readChunks.ts"
import { batchDefaults, type BatchOptions, chunkSize, rowScannerOf } from "./rowScannerOf.ts"

/**
 * The records of a file that holds one JSON object per line, as `readJsonLines` gives them, in columns: lines are read
 * straight into Arrow buffers, checked on the way, and no object is made of a row. What the columns cannot take (a key that
 * comes twice, a spelling out of the common) is decoded row by row, and so is a schema whose JSON has another form.
 *
 * Units    a batch has at most `batchSize` rows, and ends where its lines have `batchBytes` bytes; memory holds a batch, and
 *          2 MiB for each column of text.
 * Domain   a lone surrogate becomes U+FFFD, and an integer −0 becomes 0, as in every Arrow column.
 * Fails    ArrowError (FileMissing, FileRefused, FileDamaged, NotJson, RowInvalid), after the batches before it;
 *          ColumnUnsupported, thrown: the schema is the caller's.
 */
export const readColumns = <A>(
  path: string,
  schema: RecordSchema<A>,
  options: BatchOptions = {}
): Stream.Stream<ColumnBatch<A>, ArrowError, FileSystem.FileSystem> => {
  const arrowSchema = schemaOf(schema)
  const settings = { ...batchDefaults, ...options }
  const open = rowScannerOf(path, schema, { ...settings, arrowSchema })
  if (open === undefined)
    return readJsonLines(path, schema, settings).pipe(
      Stream.map(({ rows }) => fromColumns(schema, toRecordBatch(schema, arrowSchema, rows)))
    )
  return Stream.suspend(() => {
    const { rows } = open()
    return readChunks(path, chunkSize).pipe(
      blocks(chunkSize),
      Stream.map((block) => [...rows.read(block)]),
      Stream.concat(Stream.sync(() => [...rows.end()])),
      Stream.flattenIterable,
      Stream.mapEffect(Effect.fromResult),
      Stream.map((recordBatch) => fromColumns(schema, recordBatch))
    )
  })
}
