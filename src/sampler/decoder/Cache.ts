import { Effect } from "effect"
import { cacheNames, type ModelConfig } from "../../model/mod.ts"
import { OnnxRuntime, type Tensor } from "../../runtime/mod.ts"

/** The key/value cache: one tensor per layer and kind, filled in place. Shapes: [slots, kvHeads, length, head_dim]. */
export interface Cache {
  readonly slots: number
  /** Tokens that one slot holds. */
  readonly length: number
  readonly keys: ReadonlyArray<Tensor>
  readonly values: ReadonlyArray<Tensor>
}

/** How many slots a cache has, and for how many tokens. */
export interface CacheSize {
  readonly slots: number
  readonly length: number
}

const bytesPerElement = 4

/** What one token takes in the cache. Units: bytes. */
export const cacheBytesPerToken = (config: ModelConfig): number =>
  2 * config.num_hidden_layers * config.num_key_value_heads * config.head_dim * bytesPerElement

/**
 * An empty cache, on the device of the runtime, freed with the scope.
 *
 * Fails    RuntimeError.
 */
export const allocateCache = Effect.fnUntraced(function* (config: ModelConfig, { length, slots }: CacheSize) {
  const runtime = yield* OnnxRuntime
  const shape = [slots, config.num_key_value_heads, length, config.head_dim]
  const layers = Array.from({ length: config.num_hidden_layers }, (_, layer) => layer)
  const tensors = () => Effect.forEach(layers, () => runtime.allocate("float32", shape))
  const cache: Cache = { slots, length, keys: yield* tensors(), values: yield* tensors() }
  return cache
})

/** Some slots of a cache as a cache: the same memory. */
export const sliceCache = Effect.fnUntraced(function* (cache: Cache, range: { from: number; count: number }) {
  const runtime = yield* OnnxRuntime
  const part = (tensors: ReadonlyArray<Tensor>) => Effect.forEach(tensors, (tensor) => runtime.slice(tensor, range))
  const made: Cache = { ...cache, slots: range.count, keys: yield* part(cache.keys), values: yield* part(cache.values) }
  return made
})

/** The cache as feeds and fetches of the decode graph: the same tensors on both sides. */
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
  return { past, present }
}
