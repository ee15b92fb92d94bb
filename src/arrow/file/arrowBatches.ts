import { zstdDecompressSync } from "node:zlib"
import { CompressionType, compressionRegistry, type RecordBatch, RecordBatchReader, type Schema } from "apache-arrow"
import { Effect, FileSystem, type Scope, Stream } from "effect"
import { ArrowError, CodecUnsupported, FileDamaged, FileTruncated, KindDiffers } from "../errors.ts"
import { fileProblem } from "../fileProblem.ts"
import { bytesOf } from "./bytesOf.ts"
import { contentOf, frontBytes } from "./contents.ts"
import { fileMessages } from "./ipc/fileMessages.ts"
import { PackedByLz4 } from "./ipc/MessageBroken.ts"
import { streamMessages } from "./ipc/streamMessages.ts"
import { windowed } from "./ipc/windowed.ts"
import { localPath } from "./localPath.ts"
import type { Source } from "./Source.ts"

/** Bytes of one buffer that fit into memory here. */
const mostBufferBytes = 2 ** 30

compressionRegistry.set(CompressionType.ZSTD, {
  decode: (bytes) => zstdDecompressSync(bytes, { maxOutputLength: mostBufferBytes })
})

const magic = "ARROW1"
/** Length of the footer and magic behind it. */
const backBytes = 10
/** Magic and padding in front, and what lies behind the footer. */
const leastBytes = 18

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
  return failure(path)(
    cause instanceof PackedByLz4
      ? new CodecUnsupported({ column: "", found: "LZ4", known: ["none", "ZSTD"] })
      : new FileDamaged({ cause })
  )
}

/** The batches of messages that were checked. */
const batchesOf = (path: string, messages: AsyncIterable<Uint8Array>): Opened =>
  Effect.gen(function* () {
    const reader = yield* Effect.tryPromise({
      try: async () => (await RecordBatchReader.from(messages)).open({ autoDestroy: true }),
      catch: damaged(path)
    })
    if (reader.closed || reader.schema === undefined)
      return yield* failure(path)(new FileTruncated({ bytes: 0, wanted: "the schema of an Arrow IPC stream" }))
    return {
      schema: reader.schema,
      batches: Stream.fromAsyncIterable(reader as AsyncIterable<RecordBatch>, damaged(path)) // messages come asynchronously
    }
  })

/**
 * The batches of an open file.
 *
 * Fails    ArrowError (FileRefused, FileTruncated, FileDamaged)
 */
export const fileBatches = (path: string, file: FileSystem.File): Opened =>
  Effect.gen(function* () {
    const problem = fileProblem("read", path)
    const size = Number((yield* Effect.mapError(file.stat, problem)).size)
    const { read } = windowed({
      size,
      read: (start, length) => {
        const bytes = new Uint8Array(length)
        const reading = Effect.mapError(file.read(bytes, { position: BigInt(start) }), problem)
        return Effect.runPromise(Effect.map(reading, (count) => bytes.subarray(0, Number(count))))
      }
    })
    const at = (start: number, length: number) =>
      Effect.tryPromise({ try: () => read(start, length), catch: damaged(path) })
    const back = Buffer.from(size < leastBytes ? new Uint8Array(backBytes) : yield* at(size - backBytes, backBytes))
    if (back.toString("latin1", 4) !== magic)
      return yield* failure(path)(new FileTruncated({ bytes: size, wanted: `a footer that ends in "${magic}"` }))
    const length = back.readInt32LE(0)
    if (length <= 0 || length > size - leastBytes)
      return yield* failure(path)(new FileTruncated({ bytes: size, wanted: `a footer of ${length} bytes` }))
    return yield* batchesOf(path, fileMessages({ size, read }))
  })

const streamBatches = (source: Source): Opened =>
  Effect.flatMap(Stream.toAsyncIterableEffect(bytesOf(source)), (bytes) =>
    batchesOf(source.path, streamMessages(bytes))
  )

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
    if (found === "an Arrow IPC file") return yield* fileBatches(source.path, file)
    if (found === "an Arrow IPC stream") return yield* streamBatches(source)
    if (Number(read) === 0)
      return yield* failure(source.path)(new FileTruncated({ bytes: 0, wanted: "an Arrow IPC file or stream" }))
    const words =
      found ?? `a file that begins with ${JSON.stringify(Buffer.from(front.subarray(0, 6)).toString("latin1"))}`
    return yield* failure(source.path)(new KindDiffers({ found: words, wanted: "an Arrow IPC file or stream" }))
  })
