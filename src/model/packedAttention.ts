import type { Ops, Value } from "../graph/mod.ts"
import type { Attend } from "./Family.ts"
import type { ModelConfig } from "./ModelConfig.ts"
import { rotaryTables, rotate } from "./rotate.ts"

const attention = (
  op: Ops,
  operands: { readonly q: Value; readonly k: Value; readonly v: Value; readonly mask: Value },
  options: { readonly group: number; readonly softcap: number | undefined }
): Value => {
  const { q, k, v, mask } = operands
  const { group, softcap } = options
  const [rows = 1, kvHeads = 1, tokens = 1] = k.shape
  return op.composite(
    "Attention",
    [q, k, v],
    () => {
      const scores = op.MatMul(q, op.Transpose(k, { perm: [0, 1, 3, 2] }))
      const bent = softcap === undefined ? undefined : op.Tanh(op.Mul(scores, op.scalar(1 / softcap)))
      const capped = bent ? op.Mul(bent, op.scalar(softcap ?? 1)) : scores
      const masked = op.Add(op.Reshape(capped, [rows, kvHeads, group, tokens, tokens]), mask)
      const probability = op.Reshape(op.Softmax(masked, { axis: -1 }), scores.shape)
      return { output: op.MatMul(probability, v), saved: bent ? [probability, bent] : [probability] }
    },
    (back, { inputs, output, saved, dy }) => {
      const [queries, keys, values] = inputs
      const [probability, bent] = saved
      if (!queries || !keys || !values || !probability) return []
      const transposed = (x: Value) => back.Transpose(x, { perm: [0, 1, 3, 2] })
      const dProbability = back.MatMul(dy, transposed(values))
      // Σ dP·P = Σ dO·O, on a tensor that is head_dim wide instead of tokens wide
      const drift = back.ReduceSum(back.Mul(dy, output), { axes: [-1], keepdims: 1 })
      const dCapped = back.Mul(probability, back.Sub(dProbability, drift))
      // d(c·tanh(s/c)) = (1 − tanh²)·ds
      const dScores = bent ? back.Mul(dCapped, back.Sub(back.scalar(1), back.Mul(bent, bent))) : dCapped
      return [
        back.MatMul(dScores, keys),
        back.MatMul(transposed(dScores), queries),
        back.MatMul(transposed(probability), dy)
      ]
    }
  )
}

/**
 * Attention over a block of packed sequences; differentiable.
 *
 * Source   Vaswani et al., arXiv:1706.03762: softmax(q·kᵀ/√head_dim)·v.
 * Shapes   Query heads of one group lie below each other, [rows, kvHeads, group·tokens, head_dim], so that no key is
 *          repeated; `maskOf` gives [rows, 1, 1, tokens, tokens] for a window.
 * Domain   contextLength at least the tokens of a row.
 */
export const packedAttention = (
  op: Ops,
  config: ModelConfig,
  options: {
    readonly contextLength: number
    readonly positions: Value
    readonly maskOf: (window: number | undefined) => Value
  }
): Attend => {
  const { head_dim, num_attention_heads, num_key_value_heads } = config
  const { contextLength, positions } = options
  const group = num_attention_heads / num_key_value_heads
  const tables = rotaryTables(op, config, contextLength)
  const grouped = group === 1 ? "tokens" : `${group}*tokens`
  const split = (x: Value, heads: number) =>
    op.Transpose(op.Reshape(x, ["rows", "tokens", heads, head_dim]), { perm: [0, 2, 1, 3] })
  const rotated = (x: Value) => rotate(op, config, tables, x, positions)
  return (_layer, q, k, v, { window, softcap, scale = 1 / Math.sqrt(head_dim) } = {}) => {
    const scaled = rotated(split(op.Mul(q, op.scalar(scale)), num_attention_heads))
    const operands = {
      q: op.Reshape(scaled, ["rows", num_key_value_heads, grouped, head_dim]),
      k: rotated(split(k, num_key_value_heads)),
      v: split(v, num_key_value_heads),
      mask: options.maskOf(window)
    }
    const heads = op.Reshape(attention(op, operands, { group, softcap }), [
      "rows",
      num_attention_heads,
      "tokens",
      head_dim
    ])
    return op.Reshape(op.Transpose(heads, { perm: [0, 2, 1, 3] }), ["rows*tokens", num_attention_heads * head_dim])
  }
}
