import { Effect, FileSystem } from "effect"
import { CheckpointDtype, RuntimeError } from "../errors.ts"
import type { Doing } from "../native/status.ts"
import { asFileFailed } from "./fileFailure.ts"
import { floatCodecs } from "./floatCodecs.ts"
import { readBytes } from "./readBytes.ts"
import type { SafetensorsEntry } from "./SafetensorsEntry.ts"

/** Values converted at once: bounds the memory beside the result. */
const valuesAtOnce = 1 << 22

const isFloat = (dtype: string): dtype is keyof typeof floatCodecs => Object.hasOwn(floatCodecs, dtype)

const read = Effect.fnUntraced(function* (entry: SafetensorsEntry, dtype: keyof typeof floatCodecs) {
  const fs = yield* FileSystem.FileSystem
  const { path } = entry
  const { bytes, decode } = floatCodecs[dtype]
  const handle = yield* fs.open(path, { flag: "r" })
  const values = new Float32Array(entry.length / bytes)
  const buffer = new Uint8Array(Math.min(values.length, valuesAtOnce) * bytes)
  for (let start = 0; start < values.length; start += valuesAtOnce) {
    const target = values.subarray(start, start + valuesAtOnce)
    const chunk = buffer.subarray(0, target.length * bytes)
    yield* readBytes({ handle, path }, chunk, entry.offset + start * bytes)
    decode(chunk, target)
  }
  return values
}, Effect.scoped)

/**
 * The values of a tensor of weights as float32: exact for F32, F16 and BF16.
 *
 * Fails    RuntimeError: CheckpointDtype, CheckpointTruncated, FileFailed
 */
export const loadFloat32 = Effect.fn("loadFloat32")(function* (entry: SafetensorsEntry) {
  const { dtype, name, path: subject } = entry
  const doing: Doing = { action: "read", subject }
  if (isFloat(dtype)) return yield* read(entry, dtype).pipe(asFileFailed(doing))
  const reason = new CheckpointDtype({ name, found: dtype, known: Object.keys(floatCodecs) })
  return yield* new RuntimeError({ ...doing, reason })
})
