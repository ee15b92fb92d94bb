import { silu } from "./activation.ts"
import { attentionBlock, type AttentionBiases, attentionProjections, type Prepare } from "./attentionBlock.ts"
import type { Family } from "../Family.ts"
import { feedForward, feedForwardProjections } from "./feedForward.ts"
import type { LayerWeights } from "./layerWeights.ts"
import type { ModelConfig } from "../ModelConfig.ts"
import { preNormFamily } from "./preNormFamily.ts"

/** What differs between the families that are built like Llama. */
export interface GatedOptions {
  readonly architecture: string
  readonly attentionBiases: (config: ModelConfig) => AttentionBiases
  readonly feedForwardBias?: (config: ModelConfig) => boolean
  /** What is done to queries and keys, and the norms that it reads. */
  readonly prepare?: { readonly heads: Prepare; readonly norms: (config: ModelConfig) => LayerWeights["norms"] }
}

/** A pre-norm decoder with rotary positions, grouped-query attention and a feed-forward gated by SiLU. */
export const gatedFamily = (options: GatedOptions): Family => {
  const { architecture, attentionBiases, feedForwardBias = () => false, prepare } = options
  return preNormFamily({
    architecture,
    weights: (config) => ({
      norms: prepare?.norms(config) ?? [],
      projections: [
        ...attentionProjections(config, attentionBiases(config)),
        ...feedForwardProjections(config, feedForwardBias(config))
      ]
    }),
    attention: (op, context, layer, x) => {
      const biases = attentionBiases(context.config)
      return attentionBlock(op, context, x, { layer, biases, ...(prepare ? { prepare: prepare.heads } : {}) })
    },
    feedForward: (op, context, layer, x) =>
      feedForward(op, context, x, { layer, bias: feedForwardBias(context.config), activation: silu })
  })
}
