import { addDims, type Dim, multiplyDims, type Ops, type Value } from "../graph/mod.ts"
import { attention } from "./attention.ts"
import type { Attend } from "./Family.ts"
import type { ModelConfig } from "./ModelConfig.ts"
import { rotaryTables, rotate } from "./rotate.ts"

/**
 * Attention over rows of packed sequences; differentiable.
 *
 * A row is gone through in `parts`: what queries of one part cannot see, the tokens of later parts, is not computed.
 * A row also sees tokens that stand elsewhere, before its own: its `prefix`, which may be empty.
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
    readonly part: Dim
    readonly parts: number
    readonly prefix: { readonly k: Value; readonly v: Value; readonly positions: Value }
  }
): Attend => {
  const { head_dim, num_attention_heads, num_key_value_heads } = config
  const { contextLength, positions, part, parts, prefix } = options
  const tokens = multiplyDims([parts, part])
  const group = num_attention_heads / num_key_value_heads
  const tables = rotaryTables(op, config, contextLength)
  const split = (x: Value, heads: number, length: Dim = tokens) =>
    op.Transpose(op.Reshape(x, ["rows", length, heads, head_dim]), { perm: [0, 2, 1, 3] })
  const rotated = (x: Value, at = positions) => rotate(op, config, tables, x, at)
  const behind = (before: Value, x: Value) => op.Concat([before, x], { axis: 2 })
  const grouped = (x: Value, length: Dim) =>
    op.Reshape(x, ["rows", num_key_value_heads, multiplyDims([group, length]), head_dim])
  const cutOut = (x: Value, axis: number, from: Dim, to: Dim) =>
    op.Slice(x, { starts: [from], ends: [to], axes: [axis] })
  const seenBy = (i: number) => addDims(["prefix", multiplyDims([i + 1, part])])
  return (_layer, q, k, v, { window, softcap, scale = 1 / Math.sqrt(head_dim) } = {}) => {
    const queries = rotated(split(op.Mul(q, op.scalar(scale)), num_attention_heads))
    const keysBefore = rotated(split(prefix.k, num_key_value_heads, "prefix"), prefix.positions)
    const keys = behind(keysBefore, rotated(split(k, num_key_value_heads)))
    const values = behind(split(prefix.v, num_key_value_heads, "prefix"), split(v, num_key_value_heads))
    const mask = options.maskOf(window)
    const attended = Array.from({ length: parts }, (_, i) => {
      const [from, to] = [multiplyDims([i, part]), multiplyDims([i + 1, part])]
      const operands = {
        q: grouped(cutOut(queries, 2, from, to), part),
        k: cutOut(keys, 2, 0, seenBy(i)),
        v: cutOut(values, 2, 0, seenBy(i)),
        mask: cutOut(cutOut(mask, 3, from, to), 4, 0, seenBy(i))
      }
      const spread = ["rows", num_key_value_heads, group, part, seenBy(i)]
      const heads = attention(op, operands, { spread, softcap })
      return op.Reshape(heads, ["rows", num_attention_heads, part, head_dim])
    })
    const heads = op.Concat(attended, { axis: 2 })
    return op.Reshape(op.Transpose(heads, { perm: [0, 2, 1, 3] }), [
      multiplyDims(["rows", tokens]),
      num_attention_heads * head_dim
    ])
  }
}
