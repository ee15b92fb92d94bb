import { addDims, type Dim, multiplyDims, type Ops, type Value } from "../graph/mod.ts"
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
  const [rows = 1, kvHeads = 1] = k.shape
  const [queries = 1, keys = 1] = mask.shape.slice(3)
  return op.composite(
    "Attention",
    [q, k, v],
    () => {
      const scores = op.MatMul(q, op.Transpose(k, { perm: [0, 1, 3, 2] }))
      const bent = softcap === undefined ? undefined : op.Tanh(op.Mul(scores, op.scalar(1 / softcap)))
      const capped = bent ? op.Mul(bent, op.scalar(softcap ?? 1)) : scores
      const masked = op.Add(op.Reshape(capped, [rows, kvHeads, group, queries, keys]), mask)
      const probability = op.Reshape(op.Softmax(masked, { axis: -1 }), scores.shape)
      return { output: op.MatMul(probability, v), saved: bent ? [probability, bent] : [probability] }
    },
    (back, { inputs, output, saved, dy }) => {
      const [query, key, value] = inputs
      const [probability, bent] = saved
      if (!query || !key || !value || !probability) return []
      const transposed = (x: Value) => back.Transpose(x, { perm: [0, 1, 3, 2] })
      const dProbability = back.MatMul(dy, transposed(value))
      // Σ dP·P = Σ dO·O, on a tensor that is head_dim wide instead of tokens wide
      const drift = back.ReduceSum(back.Mul(dy, output), { axes: [-1], keepdims: 1 })
      const dCapped = back.Mul(probability, back.Sub(dProbability, drift))
      // d(c·tanh(s/c)) = (1 − tanh²)·ds
      const dScores = bent ? back.Mul(dCapped, back.Sub(back.scalar(1), back.Mul(bent, bent))) : dCapped
      return [
        back.MatMul(dScores, key),
        back.MatMul(transposed(dScores), query),
        back.MatMul(transposed(probability), dy)
      ]
    }
  )
}

/**
 * Attention over a block of packed sequences; differentiable.
 *
 * A row is gone through in `parts`: what queries of one part cannot see, the tokens of later parts, is not computed.
 * With a `prefix`, a row also sees tokens that stand elsewhere, before its own.
 *
 * Source   Vaswani et al., arXiv:1706.03762: softmax(q·kᵀ/√head_dim)·v.
 * Shapes   Query heads of one group lie below each other, [rows, kvHeads, group·tokens, head_dim], so that no key is
 *          repeated; `maskOf` gives [rows, 1, 1, tokens, prefix + tokens] for a window. A row has `part`·`parts` tokens.
 *          The prefix: k, v: [rows*prefix, num_key_value_heads·head_dim], positions: int64 [rows, prefix].
 * Domain   contextLength at least the tokens of a row.
 */
export const packedAttention = (
  op: Ops,
  config: ModelConfig,
  options: {
    readonly contextLength: number
    readonly positions: Value
    readonly maskOf: (window: number | undefined) => Value
    readonly part?: Dim
    readonly parts?: number
    readonly prefix?: { readonly k: Value; readonly v: Value; readonly positions: Value }
  }
): Attend => {
  const { head_dim, num_attention_heads, num_key_value_heads } = config
  const { contextLength, positions, part = "tokens", parts = 1, prefix } = options
  const tokens = multiplyDims([parts, part])
  const group = num_attention_heads / num_key_value_heads
  const tables = rotaryTables(op, config, contextLength)
  const split = (x: Value, heads: number, length: Dim = tokens) =>
    op.Transpose(op.Reshape(x, ["rows", length, heads, head_dim]), { perm: [0, 2, 1, 3] })
  const rotated = (x: Value, at = positions) => rotate(op, config, tables, x, at)
  const behind = (before: Value | undefined, x: Value) => (before ? op.Concat([before, x], { axis: 2 }) : x)
  const grouped = (x: Value, length: Dim) =>
    op.Reshape(x, ["rows", num_key_value_heads, multiplyDims([group, length]), head_dim])
  const cutOut = (x: Value, axis: number, from: Dim, to: Dim) =>
    parts === 1 ? x : op.Slice(x, { starts: [from], ends: [to], axes: [axis] })
  const seenBy = (i: number) => addDims([prefix ? "prefix" : 0, multiplyDims([i + 1, part])])
  return (_layer, q, k, v, { window, softcap, scale = 1 / Math.sqrt(head_dim) } = {}) => {
    const queries = rotated(split(op.Mul(q, op.scalar(scale)), num_attention_heads))
    const before = prefix && {
      keys: rotated(split(prefix.k, num_key_value_heads, "prefix"), prefix.positions),
      values: split(prefix.v, num_key_value_heads, "prefix")
    }
    const keys = behind(before?.keys, rotated(split(k, num_key_value_heads)))
    const values = behind(before?.values, split(v, num_key_value_heads))
    const mask = options.maskOf(window)
    const attended = Array.from({ length: parts }, (_, i) => {
      const [from, to] = [multiplyDims([i, part]), multiplyDims([i + 1, part])]
      const operands = {
        q: grouped(cutOut(queries, 2, from, to), part),
        k: cutOut(keys, 2, 0, seenBy(i)),
        v: cutOut(values, 2, 0, seenBy(i)),
        mask: cutOut(cutOut(mask, 3, from, to), 4, 0, seenBy(i))
      }
      const heads = attention(op, operands, { group, softcap })
      return op.Reshape(heads, ["rows", num_attention_heads, part, head_dim])
    })
    const [first = queries] = attended
    const heads = parts === 1 ? first : op.Concat(attended, { axis: 2 })
    return op.Reshape(op.Transpose(heads, { perm: [0, 2, 1, 3] }), [
      multiplyDims(["rows", tokens]),
      num_attention_heads * head_dim
    ])
  }
}
