import { type ModelConfig, rotaryWidth } from "./ModelConfig.ts"
import type { Llama3Scaling, RopeScaling, YarnScaling } from "./config/RopeScaling.ts"

/** What a scaling makes of the plain frequency of pair `i` of `half`. Units: radians per token. */
type Stretch<S> = (
  plain: number,
  scaling: S,
  place: { readonly i: number; readonly half: number; readonly theta: number }
) => number

const llama3: Stretch<Llama3Scaling> = (plain, scaling) => {
  const turns = (scaling.original_max_position_embeddings * plain) / (2 * Math.PI)
  if (turns < scaling.low_freq_factor) return plain / scaling.factor
  if (turns > scaling.high_freq_factor) return plain
  const smooth = (turns - scaling.low_freq_factor) / (scaling.high_freq_factor - scaling.low_freq_factor)
  return ((1 - smooth) * plain) / scaling.factor + smooth * plain
}

const yarn: Stretch<YarnScaling> = (plain, scaling, { i, half, theta }) => {
  // the pair that makes this many turns in the old context
  const pairOf = (turns: number) =>
    (half * Math.log(scaling.original_max_position_embeddings / (turns * 2 * Math.PI))) / Math.log(theta)
  const low = Math.max(Math.floor(pairOf(scaling.beta_fast)), 0)
  const high = Math.min(Math.ceil(pairOf(scaling.beta_slow)), 2 * half - 1)
  const ramp = Math.min(Math.max((i - low) / (high === low ? 0.001 : high - low), 0), 1)
  return (plain / scaling.factor) * ramp + plain * (1 - ramp)
}

const stretched = (
  scaling: RopeScaling | undefined,
  plain: number,
  place: { readonly i: number; readonly half: number; readonly theta: number }
): number => {
  switch (scaling?.rope_type) {
    case "llama3":
      return llama3(plain, scaling, place)
    case "linear":
      return plain / scaling.factor
    case "yarn":
      return yarn(plain, scaling, place)
    case undefined:
      return plain
  }
}

/**
 * The cosines and sines by which positions 0 … length − 1 are rotated.
 *
 * Source   Su et al., arXiv:2104.09864: angle = position · theta^(−2i/width). Llama 3's scaling divides the slow
 *          frequencies by `factor` and blends between `low_freq_factor` and `high_freq_factor` turns of the old context;
 *          YaRN, arXiv:2309.00071, blends along the pairs between `beta_fast` and `beta_slow` turns.
 * Shapes   Each [length, width / 2], row-major; width is `rotaryWidth(config)`.
 */
export const rotary = (
  config: ModelConfig,
  length: number
): { readonly cos: Float32Array<ArrayBuffer>; readonly sin: Float32Array<ArrayBuffer> } => {
  const { rope_scaling, rope_theta: theta } = config
  const half = rotaryWidth(config) / 2
  const magnitude = rope_scaling?.rope_type === "yarn" ? rope_scaling.attention_factor : 1
  const cos = new Float32Array(length * half)
  const sin = new Float32Array(length * half)
  const frequencies = Array.from({ length: half }, (_, i) =>
    stretched(rope_scaling, theta ** (-i / half), { i, half, theta })
  )
  for (let position = 0; position < length; position++) {
    frequencies.forEach((each, i) => {
      cos[position * half + i] = magnitude * Math.cos(position * each)
      sin[position * half + i] = magnitude * Math.sin(position * each)
    })
  }
  return { cos, sin }
}
