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
    const loaded = yield* load(model.folder, name, weight)
    const named = { name, type: weight.type, shape: weight.shape }
    for (const part of partsOf({ config: model.config, format }, named, loaded)) {
      const { length } = part.bytes
      const gap = (alignment - (length % alignment)) % alignment
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
