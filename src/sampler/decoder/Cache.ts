import { Effect } from "effect"
import type { CacheFormatName } from "../../../schemas/mod.ts"
import { bytesPerElement } from "../../graph/mod.ts"
import { cacheFormats, cacheNames, type ModelConfig, stepNames } from "../../model/mod.ts"
import { OnnxRuntime, type Tensor } from "../../runtime/mod.ts"
import { allocateMemory, freeMemory } from "./cacheMemory.ts"

/** The sizes of the steps that one layer's cache is in. Shapes: [1, kvHeads, 1, head_dim]. */
export interface CacheSteps {
  readonly key: Tensor
  readonly value: Tensor
}

/** What caches of one decoder have in common. */
export interface CacheKind {
  readonly config: ModelConfig
  readonly format: CacheFormatName
  /** One entry for each layer; none where the format has no steps. */
  readonly steps: ReadonlyArray<CacheSteps>
}

/** The key/value cache: one tensor per layer and kind, filled in place. Shapes: [slots, kvHeads, length, head_dim]. */
export interface Cache {
  readonly slots: number
  /** Tokens that one slot holds. */
  readonly length: number
  readonly keys: ReadonlyArray<Tensor>
  readonly values: ReadonlyArray<Tensor>
  readonly steps: ReadonlyArray<CacheSteps>
}

/** How many slots a cache has, and for how many tokens. */
export interface CacheSize {
  readonly slots: number
  readonly length: number
}

/** What one token takes in the cache. Units: bytes. */
export const cacheBytesPerToken = (config: ModelConfig, format: CacheFormatName): number =>
  2 *
  config.num_hidden_layers *
  config.num_key_value_heads *
  config.head_dim *
  bytesPerElement[cacheFormats[format].type]

/**
 * An empty cache, on the device of the runtime, until the scope closes.
 *
 * Fails    RuntimeError.
 */
export const allocateCache = Effect.fnUntraced(function* (kind: CacheKind, { length, slots }: CacheSize) {
  const runtime = yield* OnnxRuntime
  const { config, format, steps } = kind
  const shape = [slots, config.num_key_value_heads, length, config.head_dim]
  const layers = Array.from({ length: config.num_hidden_layers }, (_, layer) => layer)
  const elements = shape.reduce((product, size) => product * size, 1)
  const tensor = Effect.suspend(() =>
    runtime.device === "cpu"
      ? runtime.tensor(allocateMemory(format, elements), shape)
      : runtime.allocate(cacheFormats[format].type, shape)
  )
  const tensors = () => Effect.forEach(layers, () => Effect.tap(tensor, () => Effect.yieldNow))
  const cache: Cache = { slots, length, keys: yield* tensors(), values: yield* tensors(), steps }
  return cache
})

/** Gives the memory of a closed cache back, while other work goes on. Domain: nothing runs over the cache any more. */
export const freeCache = ({ keys, values }: Cache): Effect.Effect<void> =>
  Effect.forEach([...keys, ...values], ({ data }) => (data ? freeMemory(data) : Effect.void), { discard: true })

/** Some slots of a cache as a cache: the same memory. */
export const sliceCache = Effect.fnUntraced(function* (cache: Cache, range: { from: number; count: number }) {
  const runtime = yield* OnnxRuntime
  const part = (tensors: ReadonlyArray<Tensor>) => Effect.forEach(tensors, (tensor) => runtime.slice(tensor, range))
  const made: Cache = { ...cache, slots: range.count, keys: yield* part(cache.keys), values: yield* part(cache.values) }
  return made
})

/** The cache as feeds and fetches of the decode graph: the same tensors on both sides, and steps among the feeds. */
export const cacheBindings = (cache: Cache) => {
  const past: Record<string, Tensor> = {}
  const present: Record<string, Tensor> = {}
  cache.keys.forEach((key, layer) => {
    const value = cache.values[layer]
    if (!value) return
    const names = cacheNames(layer)
    past[names.pastKey] = present[names.presentKey] = key
    past[names.pastValue] = present[names.presentValue] = value
  })
  cache.steps.forEach((steps, layer) => {
    const names = stepNames(layer)
    past[names.key] = steps.key
    past[names.value] = steps.value
  })
  return { past, present }
}
