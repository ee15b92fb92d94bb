import { gatedFamily } from "./blocks/gatedFamily.ts"

/**
 * Mistral: Llama whose layers see only the last `sliding_window` tokens.
 *
 * Source   Jiang et al., arXiv:2310.06825.
 */
export const mistral = gatedFamily({
  architecture: "Mistral",
  attentionBiases: () => ({ input: false, output: false })
})
