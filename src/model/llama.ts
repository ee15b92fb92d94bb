import { gatedFamily } from "./blocks/gatedFamily.ts"

/**
 * Llama, and what shares its classes: SmolLM2, MiniMind, TinyLlama.
 *
 * Source   Touvron et al., arXiv:2302.13971; grouped queries as in arXiv:2305.13245.
 */
export const llama = gatedFamily({
  architecture: "Llama",
  attentionBiases: ({ attention_bias }) => ({ input: attention_bias, output: attention_bias }),
  feedForwardBias: ({ mlp_bias }) => mlp_bias
})
