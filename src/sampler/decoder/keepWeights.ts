import { Effect, FileSystem, Path } from "effect"
import type { WeightFormatName } from "../../../schemas/mod.ts"
import {
  type ModelConfig,
  type NamedWeight,
  type StoredWeight,
  type WeightFormat,
  weightFormats
} from "../../model/mod.ts"
import { floatCodecs, loadFloat32 } from "../../runtime/mod.ts"
import { RequestInvalid, SamplerError } from "../errors.ts"

/** Weights, and the folder that they are mapped from. */
export interface KeptWeights {
  readonly folder: string
  readonly weights: ReadonlyMap<string, StoredWeight>
}

/** What constants begin at a multiple of, so that they can be mapped. Units: bytes. */
const alignment = 64

/** Bytes between a constant of this length and the next. */
const gapAfter = (length: number): number => (alignment - (length % alignment)) % alignment

const file = "weights"

const dtypes = { float32: "F32", float16: "F16", bfloat16: "BF16" } as const

const load = Effect.fnUntraced(function* (folder: string, name: string, weight: StoredWeight) {
  const path = yield* Path.Path
  const { length, location, offset, shape, type } = weight
  const dtype = dtypes[type as keyof typeof dtypes] // as: a checkpoint stores no other type
  const entry = { name, dtype, shape, file: location, path: path.join(folder, location), offset, length }
  return { dtype, values: yield* loadFloat32(entry) }
})

/** The constants that a weight becomes. */
const partsOf = (
  { config, format }: { readonly config: ModelConfig; readonly format: WeightFormat },
  weight: NamedWeight,
  { dtype, values }: Effect.Success<ReturnType<typeof load>>
) => {
  const made = format.makes(config, weight, values)
  return format.keeps(config, weight) ? [{ ...weight, bytes: floatCodecs[dtype].encode(values) }, ...made] : made
}

/** Copied at once. Units: bytes. */
const copiedAtOnce = 2 ** 22

/** Copies a weight as it lies in its file. */
const copy = Effect.fnUntraced(function* (folder: string, weight: StoredWeight, into: FileSystem.File) {
  const fs = yield* FileSystem.FileSystem
  const { join } = yield* Path.Path
  const source = yield* fs.open(join(folder, weight.location))
  yield* source.seek(BigInt(weight.offset), "start")
  const buffer = new Uint8Array(Math.min(copiedAtOnce, weight.length))
  for (let left = weight.length; left > 0;) {
    const part = buffer.subarray(0, Math.min(left, buffer.length))
    const found = Number(yield* Effect.uninterruptible(source.read(part)))
    if (found === 0) return yield* Effect.die(new Error(`"${weight.location}" ends before its weights do`))
    yield* Effect.uninterruptible(into.writeAll(part.subarray(0, found)))
    left -= found
  }
}, Effect.scoped)

/** Refuses a constant that float16 cannot hold. Fails: SamplerError with RequestInvalid. */
const checkFinite = Effect.fnUntraced(function* ({ bytes, name, type }: ReturnType<typeof partsOf>[number]) {
  if (type !== "float16") return
  const { buffer, byteLength, byteOffset } = bytes
  const values = new Float16Array(buffer, byteOffset, byteLength / Float16Array.BYTES_PER_ELEMENT)
  if (values.every(Number.isFinite)) return
  const found = `float16 for "${name}", which has a value beyond 65504`
  return yield* new SamplerError({ reason: new RequestInvalid({ option: "weights", found, wanted: "float32" }) })
})

/** Writes all constants one after another, each weight read once, and tells where they lie. */
const write = Effect.fnUntraced(function* (
  model: KeptWeights & { readonly config: ModelConfig },
  format: WeightFormat,
  into: string
) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const handle = yield* fs.open(path.join(into, file), { flag: "w" })
  const kept = new Map<string, StoredWeight>()
  let offset = 0
  for (const [name, weight] of model.weights) {
    const named = { name, type: weight.type, shape: weight.shape }
    if (format.widens === "everyStep" && format.keeps(model.config, named)) {
      yield* copy(model.folder, weight, handle)
      yield* Effect.uninterruptible(handle.writeAll(new Uint8Array(gapAfter(weight.length))))
      kept.set(name, { ...weight, location: file, offset })
      offset += weight.length + gapAfter(weight.length)
      continue
    }
    const loaded = yield* load(model.folder, name, weight)
    for (const part of partsOf({ config: model.config, format }, named, loaded)) {
      yield* checkFinite(part)
      const { length } = part.bytes
      const gap = gapAfter(length)
      // A file is closed only when no write is under way: interruption waits for the chunk.
      yield* Effect.uninterruptible(handle.writeAll(part.bytes))
      if (gap > 0) yield* Effect.uninterruptible(handle.writeAll(new Uint8Array(gap)))
      kept.set(part.name, { location: file, type: part.type, shape: part.shape, offset, length })
      offset += length + gap
    }
  }
  return kept
}, Effect.scoped)

/**
 * The weights of a model in the format that they are kept in: those of its folder where nothing is made of them, else in a
 * temporary folder that lasts until the scope closes.
 *
 * Fails    RuntimeError, PlatformError; SamplerError with RequestInvalid where no format has this name.
 */
export const keepWeights = Effect.fn("keepWeights")(function* (
  model: KeptWeights & { readonly config: ModelConfig },
  name: WeightFormatName
) {
  if (!Object.hasOwn(weightFormats, name)) {
    const wanted = `one of ${Object.keys(weightFormats).join(", ")}`
    return yield* new SamplerError({ reason: new RequestInvalid({ option: "weights", found: String(name), wanted }) })
  }
  const format: WeightFormat = weightFormats[name]
  const named = [...model.weights].map(([each, { shape, type }]) => ({ name: each, type, shape }))
  const { folder, weights } = model
  if (named.every((weight) => format.keeps(model.config, weight))) return { folder, weights } satisfies KeptWeights
  const fs = yield* FileSystem.FileSystem
  const into = yield* fs.makeTempDirectoryScoped({ prefix: "prefloop-" })
  return { folder: into, weights: yield* write(model, format, into) } satisfies KeptWeights
})
