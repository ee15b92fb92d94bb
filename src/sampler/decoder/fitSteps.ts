import { type ModelConfig, rotaryWidth } from "../../model/mod.ts"
import type { Tensor } from "../../runtime/mod.ts"
import type { CacheSteps } from "./Cache.ts"

/** The most steps that a cache holds to either side. */
export const mostSteps = 127

/** What is made room for, over what was seen: chance finds no less than about half of what text reaches. */
const margin = 2

/** Where values were cut off, they are taken to be this much larger. */
const further = 4

/** Whole numbers of steps, of so many tokens for each row and head. */
interface Held {
  readonly counts: Int8Array
  readonly tokens: number
}

/**
 * The largest magnitude of each head and feature in a cache, at least `further` times that of the most steps where one was cut off;
 * of keys that of the pair which positions rotate into one another: it holds at every position.
 */
const reachOf = (config: ModelConfig, held: Held, steps: Float32Array, what: keyof CacheSteps): Float32Array => {
  const { head_dim: width, num_key_value_heads: heads } = config
  const { counts, tokens } = held
  const rotated = what === "key" ? rotaryWidth(config) : 0
  const reach = new Float32Array(heads * width)
  const sizes = new Float64Array(width)
  for (let from = 0; from < counts.length; from += width) {
    const head = (Math.floor(from / (width * tokens)) % heads) * width
    for (let feature = 0; feature < width; feature++) {
      const count = Math.abs(counts[from + feature] ?? 0)
      sizes[feature] = (count < mostSteps ? count : further * mostSteps) * (steps[head + feature] ?? 0)
    }
    for (let feature = 0; feature < width; feature++) {
      const size = sizes[feature] ?? 0
      const beside = feature < rotated ? (sizes[(feature + rotated / 2) % rotated] ?? 0) : 0
      // not Math.hypot, which allocates at each call
      reach[head + feature] = Math.max(reach[head + feature] ?? 0, Math.sqrt(size * size + beside * beside))
    }
  }
  return reach
}

/**
 * Writes the steps that hold twice what a cache has seen, of which half a step may have been rounded away, and tells whether
 * anything was cut off.
 *
 * Shapes   held: int8 [rows, kvHeads, tokens, head_dim], full; into: [1, kvHeads, 1, head_dim].
 */
export const fitSteps = (config: ModelConfig, held: Tensor, into: Tensor, what: keyof CacheSteps): boolean => {
  const [counts, steps] = [held.data, into.data]
  if (!(counts instanceof Int8Array && steps instanceof Float32Array)) return false
  const wasCut = counts.some((count) => Math.abs(count) >= mostSteps)
  const reach = reachOf(config, { counts, tokens: held.shape[2] ?? 1 }, steps, what)
  reach.forEach((size, i) => (steps[i] = (margin * (size + (steps[i] ?? 0) / 2)) / mostSteps))
  return wasCut
}
