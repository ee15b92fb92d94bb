import type { Prepare } from "./blocks/attentionBlock.ts"
import { gatedFamily } from "./blocks/gatedFamily.ts"
import { rmsNorm } from "./blocks/rmsNorm.ts"

/** Each head over its own root mean square. Shapes: x: [rows*tokens, heads·head_dim]; result as x. */
const normalizeHeads: Prepare = (op, context, x, name) => {
  const { head_dim } = context.config
  const heads = Number(x.shape[1]) / head_dim
  return op.Reshape(rmsNorm(op, context, op.Reshape(x, [x.shape[0] ?? 1, heads, head_dim]), name), x.shape)
}

/**
 * Qwen3: Llama with an RMS norm on each head of queries and keys, before they are rotated.
 *
 * Source   Yang et al., arXiv:2505.09388.
 */
export const qwen3 = gatedFamily({
  architecture: "Qwen3",
  attentionBiases: ({ attention_bias }) => ({ input: attention_bias, output: attention_bias }),
  prepare: {
    heads: normalizeHeads,
    norms: ({ head_dim }) => [
      ["self_attn.q_norm", head_dim],
      ["self_attn.k_norm", head_dim]
    ]
  }
})
