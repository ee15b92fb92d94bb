import { Effect, FileSystem } from "effect"
import { RuntimeError, TensorShape } from "../../runtime/mod.ts"
import { aligned, encodeHeader, type TensorInfo } from "./encodeHeader.ts"
import type { Metadata } from "./Metadata.ts"

/** A tensor whose values are made when its turn to be written comes. */
export interface GgufTensor extends TensorInfo {
  readonly load: Effect.Effect<Float32Array, RuntimeError, FileSystem.FileSystem>
}

/** Values converted at once, whole blocks of every type: bounds the memory beside a tensor. */
const valuesAtOnce = 1 << 22

/**
 * Writes a GGUF file, one tensor after another.
 *
 * Fails    PlatformError; RuntimeError as `load`, TensorShape.
 */
export const writeGguf = Effect.fn("writeGguf")(function* ({
  metadata,
  path,
  tensors
}: {
  readonly path: string
  readonly metadata: Metadata
  readonly tensors: ReadonlyArray<GgufTensor>
}) {
  const fs = yield* FileSystem.FileSystem
  const handle = yield* fs.open(path, { flag: "w" })
  // A file is closed only when no write is under way: interruption waits for the chunk.
  const write = (bytes: Uint8Array) => Effect.uninterruptible(handle.writeAll(bytes))
  yield* write(encodeHeader(metadata, tensors))
  for (const { load, name, shape, type } of tensors) {
    const values = yield* load
    const wanted = shape.reduce((product, size) => product * size, 1)
    if (values.length !== wanted) {
      const reason = new TensorShape({ name, shape, found: 4 * values.length, wanted: 4 * wanted })
      return yield* new RuntimeError({ action: "write", subject: path, reason })
    }
    let size = 0
    for (let start = 0; start < values.length; start += valuesAtOnce) {
      const bytes = type.encode(values.subarray(start, start + valuesAtOnce))
      size += bytes.length
      yield* write(bytes)
    }
    if (aligned(size) > size) yield* write(new Uint8Array(aligned(size) - size))
  }
  yield* Effect.uninterruptible(handle.sync)
}, Effect.scoped)
