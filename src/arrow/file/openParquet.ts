import { type AsyncBuffer, type FileMetaData, parquetMetadata, parquetSchema } from "hyparquet"
import { Effect, FileSystem } from "effect"
import { ArrowError, CodecUnsupported, FileDamaged, FileTruncated, KindDiffers, SchemaDiffers } from "../errors.ts"
import { fileProblem } from "../fileProblem.ts"
import { contentOf, frontBytes } from "./contents.ts"
import { localPath } from "./localPath.ts"
import { decompressors } from "./decompressors.ts"
import { footerFault } from "./parquet/footerFault.ts"
import { thriftEnd } from "./parquet/thriftEnd.ts"
import type { Source } from "./Source.ts"

const magic = "PAR1"
/** Length of the footer and magic behind it. */
const behindBytes = 8
/** Magic in front, and what lies behind the footer. */
const leastBytes = magic.length + behindBytes

/** A Parquet file that is read by ranges, and what its footer says. */
export interface OpenParquet {
  readonly file: AsyncBuffer
  readonly metadata: FileMetaData
  readonly names: ReadonlyArray<string>
}

const rangesOf = (file: FileSystem.File, byteLength: number): AsyncBuffer => ({
  byteLength,
  slice: (start, end = byteLength) => {
    const bytes = new Uint8Array(end - start)
    return Effect.runPromise(Effect.as(file.read(bytes, { position: BigInt(start) }), bytes.buffer))
  }
})

const unknownCodec = ({ row_groups }: FileMetaData): CodecUnsupported | undefined => {
  const known = ["UNCOMPRESSED", ...Object.keys(decompressors)]
  const column = row_groups
    .flatMap((group) => group.columns)
    .find(({ meta_data }) => meta_data !== undefined && !known.includes(meta_data.codec))?.meta_data
  if (column === undefined) return undefined
  return new CodecUnsupported({ column: column.path_in_schema[0] ?? "", found: column.codec ?? "unknown", known })
}

const readFooter = Effect.fnUntraced(function* (path: string, file: FileSystem.File, bytes: number) {
  const fail = (reason: ArrowError["reason"]) => new ArrowError({ action: "read", path, reason })
  const front = new Uint8Array(frontBytes)
  yield* Effect.mapError(file.read(front), fileProblem("read", path))
  const buffer = rangesOf(file, bytes)
  if (contentOf(front) !== "Parquet" && bytes > 0) {
    const found =
      contentOf(front) ??
      `a file that begins with ${JSON.stringify(Buffer.from(front.subarray(0, magic.length)).toString("latin1"))}`
    return yield* fail(new KindDiffers({ found, wanted: `Parquet ("${magic}")` }))
  }
  const back = Buffer.from(
    bytes < leastBytes
      ? new ArrayBuffer(behindBytes)
      : yield* Effect.promise(async () => buffer.slice(bytes - behindBytes))
  )
  if (back.toString("latin1", 4) !== magic)
    return yield* fail(new FileTruncated({ bytes, wanted: `a footer that ends in "${magic}"` }))
  const length = back.readInt32LE(0)
  if (length <= 0 || length > bytes - leastBytes)
    return yield* fail(new FileTruncated({ bytes, wanted: `a footer of ${length} bytes` }))
  const start = bytes - length - behindBytes
  const footer = new Uint8Array(yield* Effect.promise(async () => buffer.slice(start)))
  const { metadata, fault } = yield* Effect.try({
    try: () => {
      if (thriftEnd(footer, 0) !== length) throw new Error("the footer ends before its end")
      const told = parquetMetadata(footer, { geoparquet: false })
      return { metadata: told, fault: footerFault(told, start) }
    },
    catch: (cause) => fail(new FileDamaged({ cause }))
  })
  if (fault !== undefined) return yield* fail(new FileDamaged({ cause: `the footer names ${fault}` }))
  return { buffer, metadata }
})

/**
 * A Parquet file whose footer was read and makes sense, open until the scope closes.
 *
 * Fails    ArrowError (FileMissing, FileRefused, KindDiffers, FileTruncated, FileDamaged, CodecUnsupported, SchemaDiffers)
 */
export const openParquet = Effect.fnUntraced(function* (source: Source) {
  const { path, options } = source
  const fail = (reason: ArrowError["reason"]) => new ArrowError({ action: "read", path, reason })
  const problem = fileProblem("read", path)
  const fileSystem = yield* FileSystem.FileSystem
  const file = yield* Effect.mapError(fileSystem.open(yield* localPath(source)), problem)
  const { size } = yield* Effect.mapError(file.stat, problem)
  const { buffer, metadata } = yield* readFooter(path, file, Number(size))
  const codec = unknownCodec(metadata)
  if (codec !== undefined) return yield* fail(codec)
  const all = parquetSchema(metadata).children.map(({ element }) => element.name)
  const missing = options.columns?.find((name) => !all.includes(name))
  if (missing !== undefined)
    return yield* fail(new SchemaDiffers({ column: missing, found: `columns ${all.join(", ")}`, wanted: "a column" }))
  return { file: buffer, metadata, names: options.columns ?? all } satisfies OpenParquet
})
