import { Effect, FileSystem, Path } from "effect"
import { RuntimeError, TensorShape } from "../errors.ts"
import type { Doing } from "../native/status.ts"
import { byteLength, dtypes, type FloatType } from "./dtypes.ts"
import { asFileFailed } from "./fileFailure.ts"
import { floatCodecs } from "./floatCodecs.ts"

/** Values of one tensor, and the type to store them in. */
export interface StoredTensor {
  readonly dtype: FloatType
  readonly shape: ReadonlyArray<number>
  readonly data: Float32Array
}

/** A tensor whose values are made when its turn to be written comes. */
export interface StreamedTensor<R = never> {
  readonly dtype: FloatType
  readonly shape: ReadonlyArray<number>
  readonly load: Effect.Effect<Float32Array, RuntimeError, R>
}

/** Values converted at once: bounds the memory beside the weights. */
const valuesAtOnce = 1 << 22

const encodeHeader = (
  tensors: ReadonlyArray<readonly [string, Pick<StoredTensor, "dtype" | "shape">]>,
  metadata: Readonly<Record<string, string>>
): Uint8Array => {
  let end = 0
  const rows = tensors.map(([name, { dtype, shape }]) => {
    const begin = end
    end += byteLength(dtype, shape)
    return [name, { dtype, shape, data_offsets: [begin, end] }] as const
  })
  const text = new TextEncoder().encode(JSON.stringify({ __metadata__: metadata, ...Object.fromEntries(rows) }))
  const length = Math.ceil(text.length / 8) * 8 // tensors start at a multiple of 8, as the format asks
  const bytes = new Uint8Array(8 + length).fill(0x20)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true)
  bytes.set(text, 8)
  return bytes
}

const checkSize = (doing: Doing, name: string, { data, dtype, shape }: StoredTensor) => {
  const found = data.length * floatCodecs[dtype].bytes
  const wanted = byteLength(dtype, shape)
  return found === wanted
    ? Effect.void
    : Effect.fail(new RuntimeError({ ...doing, reason: new TensorShape({ name, shape, found, wanted }) }))
}

const writeAll = Effect.fnUntraced(function* <R>(
  path: string,
  tensors: ReadonlyArray<readonly [string, StreamedTensor<R>]>,
  metadata: Readonly<Record<string, string>>
) {
  const fs = yield* FileSystem.FileSystem
  const handle = yield* fs.open(path, { flag: "w" })
  // A file is closed only when no write is under way: interruption waits for the chunk.
  const write = (bytes: Uint8Array) => Effect.uninterruptible(handle.writeAll(bytes))
  yield* write(encodeHeader(tensors, metadata))
  for (const [name, { dtype, load, shape }] of tensors) {
    const data = yield* load
    yield* checkSize({ action: "write", subject: path }, name, { data, dtype, shape })
    for (let start = 0; start < data.length; start += valuesAtOnce) {
      yield* write(floatCodecs[dtype].encode(data.subarray(start, start + valuesAtOnce)))
    }
  }
  yield* Effect.uninterruptible(handle.sync)
}, Effect.scoped)

/** Makes the new name itself survive a loss of power; not every file system can. */
const syncFolder = Effect.fnUntraced(function* (folder: string) {
  const fs = yield* FileSystem.FileSystem
  const handle = yield* fs.open(folder, { flag: "r" })
  yield* handle.sync
}, Effect.scoped)

/**
 * Writes a file of weights one tensor at a time; its name appears only when the file is complete and on the disk. Values
 * are rounded to the nearest of `dtype`.
 *
 * Fails    RuntimeError: TensorShape, FileFailed; and as `load`
 */
export const streamSafetensors = Effect.fn("streamSafetensors")(function* <R>(
  path: string,
  tensors: ReadonlyMap<string, StreamedTensor<R>>,
  metadata: Readonly<Record<string, string>> = {}
) {
  const fs = yield* FileSystem.FileSystem
  const paths = yield* Path.Path
  const doing: Doing = { action: "write", subject: path }
  // Wide types first, so that every tensor is aligned.
  const ordered = [...tensors].toSorted(([, a], [, b]) => dtypes[b.dtype] - dtypes[a.dtype])
  const unfinished = `${path}.tmp`
  yield* writeAll(unfinished, ordered, metadata).pipe(
    Effect.andThen(fs.rename(unfinished, path)),
    Effect.onError(() => Effect.ignore(fs.remove(unfinished, { force: true }))),
    Effect.andThen(Effect.ignore(syncFolder(paths.dirname(path)))),
    asFileFailed(doing)
  )
})

/**
 * Writes a file of weights; its name appears only when the file is complete and on the disk. Values are rounded to the
 * nearest of `dtype`.
 *
 * Fails    RuntimeError: TensorShape, FileFailed
 */
export const writeSafetensors = (
  path: string,
  tensors: Readonly<Record<string, StoredTensor>>,
  metadata: Readonly<Record<string, string>> = {}
) => {
  const streamed = Object.entries(tensors).map(
    ([name, { data, ...rest }]) => [name, { ...rest, load: Effect.succeed(data) }] as const
  )
  return streamSafetensors(path, new Map(streamed), metadata)
}
