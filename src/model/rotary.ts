import type { ModelConfig } from "./ModelConfig.ts"

const frequency = (config: ModelConfig, i: number): number => {
  const plain = config.rope_theta ** ((-2 * i) / config.head_dim)
  const scaling = config.rope_scaling
  if (!scaling) return plain
  const turns = (scaling.original_max_position_embeddings * plain) / (2 * Math.PI)
  if (turns < scaling.low_freq_factor) return plain / scaling.factor
  if (turns > scaling.high_freq_factor) return plain
  const smooth = (turns - scaling.low_freq_factor) / (scaling.high_freq_factor - scaling.low_freq_factor)
  return ((1 - smooth) * plain) / scaling.factor + smooth * plain
}

/**
 * The cosines and sines by which positions 0 … length − 1 are rotated.
 *
 * Source   Su et al., arXiv:2104.09864: angle = position · theta^(−2i/head_dim); Llama 3's scaling divides the slow
 *          frequencies by `factor` and blends between `low_freq_factor` and `high_freq_factor` turns of the old context.
 * Shapes   Each [length, head_dim / 2], row-major.
 */
export const rotary = (
  config: ModelConfig,
  length: number
): { readonly cos: Float32Array<ArrayBuffer>; readonly sin: Float32Array<ArrayBuffer> } => {
  const half = config.head_dim / 2
  const cos = new Float32Array(length * half)
  const sin = new Float32Array(length * half)
  const frequencies = Array.from({ length: half }, (_, i) => frequency(config, i))
  for (let position = 0; position < length; position++) {
    frequencies.forEach((each, i) => {
      cos[position * half + i] = Math.cos(position * each)
      sin[position * half + i] = Math.sin(position * each)
    })
  }
  return { cos, sin }
}
