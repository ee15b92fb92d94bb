import type { ModelConfig } from "../../model/mod.ts"

/**
 * What the frequency of each pair is divided by under Llama 3's scaling; undefined under none or another.
 *
 * Source   Llama 3's scaling as in `rotary`: 1 for fast pairs, `factor` for slow ones, between them f of 1/f = (1 − s)/factor + s.
 * Shapes   [head_dim / 2].
 */
export const ropeFactors = ({ head_dim, rope_scaling, rope_theta }: ModelConfig): Float32Array | undefined => {
  if (rope_scaling?.rope_type !== "llama3") return undefined
  const { factor, high_freq_factor: high, low_freq_factor: low, original_max_position_embeddings } = rope_scaling
  const half = head_dim / 2
  return Float32Array.from({ length: half }, (_, i) => {
    const turns = (original_max_position_embeddings * rope_theta ** (-i / half)) / (2 * Math.PI)
    if (turns < low) return factor
    if (turns > high) return 1
    const smooth = (turns - low) / (high - low)
    return 1 / ((1 - smooth) / factor + smooth)
  })
}
