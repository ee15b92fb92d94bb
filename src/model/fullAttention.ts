import type { Ops, Value } from "../graph/mod.ts"
import type { Attend } from "./Family.ts"
import type { ModelConfig } from "./ModelConfig.ts"
import { rotary } from "./rotary.ts"

/** −1e9 where a token would see a later one, else 0. Shapes: [tokens, tokens], or one such block for each query head of a group. */
const causalMask = (op: Ops, group: number): Value => {
  const tokens = op.Squeeze(op.dims(["tokens"]), [0])
  const position = op.Range(
    op.constant(new BigInt64Array([0n]), []),
    tokens,
    op.constant(new BigInt64Array([1n]), []),
    "tokens"
  )
  const later = op.Less(op.Unsqueeze(position, [1]), op.Unsqueeze(position, [0]))
  const mask = op.Where(later, op.scalar(-1e9), op.scalar(0))
  return group === 1
    ? mask
    : op.Concat(
        Array.from({ length: group }, () => mask),
        { axis: 0 }
      )
}

const attention = (op: Ops, q: Value, k: Value, v: Value, mask: Value): Value =>
  op.composite(
    "Attention",
    [q, k, v],
    () => {
      const scores = op.Add(op.MatMul(q, op.Transpose(k, { perm: [0, 1, 3, 2] })), mask)
      const probability = op.Softmax(scores, { axis: -1 })
      return { output: op.MatMul(probability, v), saved: [probability] }
    },
    (back, { inputs, output, saved, dy }) => {
      const [queries, keys, values] = inputs
      const [probability] = saved
      if (!queries || !keys || !values || !probability) return []
      const transposed = (x: Value) => back.Transpose(x, { perm: [0, 1, 3, 2] })
      const dProbability = back.MatMul(dy, transposed(values))
      // Σ dP·P = Σ dO·O, on a tensor that is head_dim wide instead of tokens wide
      const drift = back.ReduceSum(back.Mul(dy, output), { axes: [-1], keepdims: 1 })
      const dScores = back.Mul(probability, back.Sub(dProbability, drift))
      return [
        back.MatMul(dScores, keys),
        back.MatMul(transposed(dScores), queries),
        back.MatMul(transposed(probability), dy)
      ]
    }
  )

/**
 * Causal attention over whole sequences that start at position 0 and are padded on the right; differentiable.
 *
 * Source   Vaswani et al., arXiv:1706.03762: softmax(q·kᵀ/√head_dim)·v.
 * Shapes   Query heads of one group lie below each other, [rows, kvHeads, group·tokens, head_dim], so that no key is repeated.
 */
export const fullAttention = (op: Ops, config: ModelConfig, contextLength: number): Attend => {
  const { head_dim, num_attention_heads, num_key_value_heads } = config
  const group = num_attention_heads / num_key_value_heads
  const tables = rotary(config, contextLength)
  const cos = op.constant(tables.cos, [contextLength, head_dim / 2])
  const sin = op.constant(tables.sin, [contextLength, head_dim / 2])
  const start = op.constant(new BigInt64Array([0n]), [1])
  const mask = op.within("mask", () => causalMask(op, group))
  const grouped = group === 1 ? "tokens" : `${group}*tokens`
  const split = (x: Value, heads: number) =>
    op.Transpose(op.Reshape(x, ["rows", "tokens", heads, head_dim]), { perm: [0, 2, 1, 3] })
  const rotate = (x: Value) => op.RotaryEmbedding(x, start, cos, sin)
  return (_layer, q, k, v) => {
    const scaled = op.Mul(q, op.scalar(1 / Math.sqrt(head_dim)))
    const queries = op.Reshape(rotate(split(scaled, num_attention_heads)), [
      "rows",
      num_key_value_heads,
      grouped,
      head_dim
    ])
    const attended = attention(op, queries, rotate(split(k, num_key_value_heads)), split(v, num_key_value_heads), mask)
    const heads = op.Reshape(attended, ["rows", num_attention_heads, "tokens", head_dim])
    return op.Reshape(op.Transpose(heads, { perm: [0, 2, 1, 3] }), ["rows*tokens", num_attention_heads * head_dim])
  }
}
