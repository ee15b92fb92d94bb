import { zstdDecompressSync } from "node:zlib"
import { CompressionType, compressionRegistry, type RecordBatch, RecordBatchReader, type Schema } from "apache-arrow"
import { Effect, FileSystem, type Scope, Stream } from "effect"
import { ArrowError, CodecUnsupported, FileDamaged, FileTruncated, KindDiffers } from "../errors.ts"
import { fileProblem } from "../fileProblem.ts"
import { openArrow } from "../openArrow.ts"
import { bytesOf } from "./bytesOf.ts"
import { contentOf, frontBytes } from "./contents.ts"
import { localPath } from "./localPath.ts"
import type { Source } from "./Source.ts"

compressionRegistry.set(CompressionType.ZSTD, { decode: (bytes) => zstdDecompressSync(bytes) })

/** Record batches of a file, and their schema. */
export interface ArrowBatches {
  readonly schema: Schema
  readonly batches: Stream.Stream<RecordBatch, ArrowError, FileSystem.FileSystem>
}

type Opened = Effect.Effect<ArrowBatches, ArrowError, FileSystem.FileSystem | Scope.Scope>

const failure = (path: string) => (reason: ArrowError["reason"]) => new ArrowError({ action: "read", path, reason })

/** An error of the file that came through Arrow's reader, or damage that the reader found. */
const damaged = (path: string) => (cause: unknown) => {
  if (cause instanceof ArrowError) return cause
  const isPacked = cause instanceof Error && cause.message.endsWith("codec not found") // Arrow's words
  return failure(path)(
    isPacked ? new CodecUnsupported({ column: "", found: "LZ4", known: ["none", "ZSTD"] }) : new FileDamaged({ cause })
  )
}

const fileBatches = (source: Source, local: string): Opened =>
  Effect.map(
    Effect.mapError(openArrow(local), ({ reason }) => failure(source.path)(reason)),
    (reader) => ({
      schema: reader.schema,
      batches: Stream.range(0, reader.numRecordBatches - 1).pipe(
        Stream.rechunk(1),
        Stream.mapEffect((index) =>
          Effect.tryPromise({ try: () => reader.readRecordBatch(index), catch: damaged(source.path) })
        ),
        Stream.mapEffect((batch, index) =>
          batch === null
            ? Effect.fail(failure(source.path)(new FileDamaged({ cause: `no record batch ${index}` })))
            : Effect.succeed(batch)
        )
      )
    })
  )

const streamBatches = (source: Source): Opened =>
  Effect.gen(function* () {
    const { path } = source
    const bytes = yield* Stream.toAsyncIterableEffect(bytesOf(source))
    const reader = yield* Effect.tryPromise({
      try: async () => (await RecordBatchReader.from(bytes)).open({ autoDestroy: true }),
      catch: damaged(path)
    })
    if (reader.closed || reader.schema === undefined)
      return yield* failure(path)(new FileTruncated({ bytes: 0, wanted: "the schema of an Arrow IPC stream" }))
    return {
      schema: reader.schema,
      batches: Stream.fromAsyncIterable(reader as AsyncIterable<RecordBatch>, damaged(path)) // bytes came asynchronously
    }
  })

/**
 * The record batches of an Arrow IPC file or stream, told apart by their first bytes.
 *
 * Fails    ArrowError (FileMissing, FileRefused, KindDiffers, FileTruncated, FileDamaged)
 */
export const arrowBatches = (source: Source): Opened =>
  Effect.gen(function* () {
    const problem = fileProblem("read", source.path)
    const fileSystem = yield* FileSystem.FileSystem
    const local = yield* localPath(source)
    const file = yield* Effect.mapError(fileSystem.open(local), problem)
    const front = new Uint8Array(frontBytes)
    const read = yield* Effect.mapError(file.read(front), problem)
    const found = contentOf(front.subarray(0, Number(read)))
    if (found === "an Arrow IPC file") return yield* fileBatches(source, local)
    if (found === "an Arrow IPC stream") return yield* streamBatches(source)
    if (Number(read) === 0)
      return yield* failure(source.path)(new FileTruncated({ bytes: 0, wanted: "an Arrow IPC file or stream" }))
    const words =
      found ?? `a file that begins with ${JSON.stringify(Buffer.from(front.subarray(0, 6)).toString("latin1"))}`
    return yield* failure(source.path)(new KindDiffers({ found: words, wanted: "an Arrow IPC file or stream" }))
  })
