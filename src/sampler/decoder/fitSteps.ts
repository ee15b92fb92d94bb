import { type ModelConfig, rotaryWidth } from "../../model/mod.ts"
import type { Tensor } from "../../runtime/mod.ts"
import type { CacheSteps } from "./Cache.ts"

/** The most steps that a cache holds to either side. */
export const mostSteps = 127

/** What is made room for, over what was seen: chance finds no less than about half of what text reaches. */
const margin = 2

/** Where values were cut off, they are taken to be this much larger. */
const further = 4

/**
 * The largest magnitude of each head and feature in a cache, at least `further` times that of the most steps where one was cut off;
 * of keys that of the pair which positions rotate into one another: it holds at every position.
 */
const reachOf = (config: ModelConfig, held: Tensor, steps: Float32Array, what: keyof CacheSteps): Float32Array => {
  const { head_dim: width, num_key_value_heads: heads } = config
  const { data = new Int8Array(), shape } = held
  const rotated = what === "key" ? rotaryWidth(config) : 0
  const reach = new Float32Array(heads * width)
  for (let from = 0; from < data.length; from += width) {
    const head = Math.floor(from / (width * (shape[2] ?? 1))) % heads
    const size = (feature: number): number => {
      const count = Math.abs(Number(data[from + feature]))
      return (count < mostSteps ? count : further * mostSteps) * (steps[head * width + feature] ?? 0)
    }
    for (let feature = 0; feature < width; feature++) {
      const alone = feature >= rotated
      const found = alone ? size(feature) : Math.hypot(size(feature), size((feature + rotated / 2) % rotated))
      reach[head * width + feature] = Math.max(reach[head * width + feature] ?? 0, found)
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
  const steps = into.data
  if (!(steps instanceof Float32Array)) return false
  const wasCut = (held.data ?? []).some((count) => Math.abs(Number(count)) >= mostSteps)
  const reach = reachOf(config, held, steps, what)
  reach.forEach((size, i) => (steps[i] = (margin * (size + (steps[i] ?? 0) / 2)) / mostSteps))
  return wasCut
}
