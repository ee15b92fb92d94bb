import { DataType, type Field, type Schema } from "apache-arrow"
import { Effect, type FileSystem, Stream } from "effect"
import { decodeLine } from "../decodeLine.ts"
import type { ArrowError } from "../errors.ts"
import { readJsonLines } from "../readJsonLines.ts"
import { toRecordBatch } from "../recordBatch.ts"
import type { RecordSchema } from "../RecordSchema.ts"
import { schemaOf } from "../schemaOf.ts"
import { blocks } from "./blocks.ts"
import { type ColumnBatch, fromColumns } from "./ColumnBatch.ts"
import { readChunks } from "./readChunks.ts"
import { RowScanner } from "./RowScanner.ts"
import { Scanner } from "./Scanner.ts"
import { writerOf } from "./writerOf.ts"

/** How many rows a batch has at most, and how many bytes of lines. */
export interface BatchOptions {
  readonly batchSize?: number
  readonly batchBytes?: number
}

/** Bytes that are read at once; the columns of as much lie in the scanner's memory. */
const chunkSize = 1 << 20
const defaults = { batchSize: 4096, batchBytes: 1 << 24 }

/** The columns of text, those inside lists and structs too. */
const textsIn = (fields: ReadonlyArray<Field>): number =>
  fields.reduce((sum, { type }) => sum + (DataType.isUtf8(type) ? 1 : textsIn(type.children ?? [])), 0)

const scannerOf = <A>(path: string, schema: RecordSchema<A>, arrowSchema: Schema, options: Required<BatchOptions>) => {
  const maker = writerOf(schema)
  if (maker === undefined) return undefined
  return () => {
    const scanner = new Scanner({ capacity: 2 * chunkSize, texts: textsIn(arrowSchema.fields) })
    const decode = decodeLine(path, schema)
    return new RowScanner({ scanner, root: maker(scanner), schema: arrowSchema, decode, ...options })
  }
}

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
  const settings = { ...defaults, ...options }
  const open = scannerOf(path, schema, arrowSchema, settings)
  if (open === undefined)
    return readJsonLines(path, schema, settings).pipe(
      Stream.map(({ rows }) => fromColumns(schema, toRecordBatch(schema, arrowSchema, rows)))
    )
  return Stream.suspend(() => {
    const scanner = open()
    return readChunks(path, chunkSize).pipe(
      blocks(chunkSize),
      Stream.map((block) => scanner.read(block)),
      Stream.concat(Stream.sync(() => scanner.end())),
      Stream.flattenIterable,
      Stream.mapEffect(Effect.fromResult),
      Stream.map((recordBatch) => fromColumns(schema, recordBatch))
    )
  })
}
