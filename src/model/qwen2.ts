import { gatedFamily } from "./blocks/gatedFamily.ts"

/**
 * Qwen2 and Qwen2.5: Llama with biases on queries, keys and values.
 *
 * Source   Yang et al., arXiv:2407.10671 and arXiv:2412.15115.
 */
export const qwen2 = gatedFamily({
  architecture: "Qwen2",
  attentionBiases: () => ({ input: true, output: false })
})
