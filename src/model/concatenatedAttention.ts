import { type Ops, type Value } from "../graph/mod.ts"
import type { Attend } from "./Family.ts"
import { type ModelConfig, rotaryWidth } from "./ModelConfig.ts"
import { rotaryTables } from "./rotate.ts"

/** The names under which layer `layer` reads and writes its keys and values, as transformers.js and Optimum have them. */
export const concatenatedNames = (layer: number) => ({
  pastKey: `past_key_values.${layer}.key`,
  pastValue: `past_key_values.${layer}.value`,
  presentKey: `present.${layer}.key`,
  presentValue: `present.${layer}.value`
})

const total = "past+tokens"

/**
 * 0 where a token sees another, else −1e9: tokens that are no padding, not later than itself, at most `window` back.
 *
 * Shapes   attentionMask: int64 [rows, past+tokens]; result [rows, 1, 1, tokens, past+tokens].
 * Units    window in tokens, the seeing one included.
 */
const visibility = (op: Ops, attentionMask: Value, window: number | undefined): Value => {
  const whole = (n: number) => op.constant(BigInt64Array.of(BigInt(n)), [])
  const size = (dim: string) => op.Squeeze(op.dims([dim]), [0])
  const seen = op.Range(whole(0), size(total), whole(1), total)
  const own = op.Range(whole(0), size("tokens"), whole(1), "tokens")
  const seeing = op.Unsqueeze(op.Add(own, op.Sub(size(total), size("tokens"))), [1])
  const earlier = op.Not(op.Less(seeing, op.Unsqueeze(seen, [0])))
  const near =
    window === undefined ? earlier : op.And(earlier, op.Less(op.Sub(seeing, op.Unsqueeze(seen, [0])), whole(window)))
  const real = op.Not(op.Equal(attentionMask, whole(0)))
  const visible = op.And(op.Unsqueeze(real, [1]), op.Unsqueeze(near, [0]))
  return op.Unsqueeze(op.Where(visible, op.scalar(0), op.scalar(-1e9)), [1, 2])
}

/** Heads turned by the angles of their positions, in operators that every runtime has. Shapes: x: [rows, heads, tokens, head_dim]. */
const makeRotate = (op: Ops, config: ModelConfig, contextLength: number, positions: Value) => {
  const width = rotaryWidth(config)
  const tables = rotaryTables(op, config, contextLength)
  const cos = op.Unsqueeze(op.Gather(tables.cos, positions, { axis: 0 }), [1])
  const sin = op.Unsqueeze(op.Gather(tables.sin, positions, { axis: 0 }), [1])
  const rest = config.head_dim - width
  const split = rest === 0 ? [width / 2, width / 2] : [width / 2, width / 2, rest]
  return (x: Value): Value => {
    const [first = x, second = x, ...still] = op.Split(x, { axis: 3, split })
    const turned = [op.Sub(op.Mul(first, cos), op.Mul(second, sin)), op.Add(op.Mul(second, cos), op.Mul(first, sin))]
    return op.Concat([...turned, ...still], { axis: 3 })
  }
}

/**
 * Causal attention in plain operators, over keys and values that are put behind those of earlier runs: for other runtimes.
 *
 * Source   Vaswani et al., arXiv:1706.03762: softmax(q·kᵀ/√head_dim)·v.
 * Shapes   attentionMask: int64 [rows, past+tokens], 0 at padding; positions: int64 [rows, tokens]; adds the inputs
 *          past_key_values.N.key and .value, [rows, num_key_value_heads, past, head_dim], and the outputs present.N.key and
 *          .value, [rows, num_key_value_heads, past+tokens, head_dim].
 */
export const concatenatedAttention = (
  op: Ops,
  config: ModelConfig,
  options: { readonly contextLength: number; readonly attentionMask: Value; readonly positions: Value }
): Attend => {
  const { head_dim, num_attention_heads: heads, num_key_value_heads: kvHeads } = config
  const group = heads / kvHeads
  const rotate = op.within("/rotary", () => makeRotate(op, config, options.contextLength, options.positions))
  const split = (x: Value, count: number) =>
    op.Transpose(op.Reshape(x, ["rows", "tokens", count, head_dim]), { perm: [0, 2, 1, 3] })
  const masks = new Map<number | undefined, Value>()
  const maskOf = (window: number | undefined): Value => {
    const mask = masks.get(window) ?? op.within("/mask", () => visibility(op, options.attentionMask, window))
    masks.set(window, mask)
    return mask
  }
  const behind = (past: string, present: string, x: Value): Value => {
    const before = op.input(past, "float32", ["rows", kvHeads, "past", head_dim])
    return op.output(op.Concat([before, x], { axis: 2 }), present)
  }
  return (layer, q, k, v, { window, softcap, scale = 1 / Math.sqrt(head_dim) } = {}) => {
    const names = concatenatedNames(layer)
    const keys = behind(names.pastKey, names.presentKey, rotate(split(k, kvHeads)))
    const values = behind(names.pastValue, names.presentValue, split(v, kvHeads))
    // query heads of one group below each other, so that no key is repeated
    const grouped = ["rows", kvHeads, `${group}*tokens`, head_dim]
    const queries = op.Reshape(rotate(split(op.Mul(q, op.scalar(scale)), heads)), grouped)
    const scores = op.MatMul(queries, op.Transpose(keys, { perm: [0, 1, 3, 2] }))
    const capped =
      softcap === undefined ? scores : op.Mul(op.Tanh(op.Mul(scores, op.scalar(1 / softcap))), op.scalar(softcap))
    const masked = op.Add(op.Reshape(capped, ["rows", kvHeads, group, "tokens", total]), maskOf(window))
    const probability = op.Reshape(op.Softmax(masked, { axis: -1 }), scores.shape)
    const attended = op.Reshape(op.MatMul(probability, values), ["rows", heads, "tokens", head_dim])
    return op.Reshape(op.Transpose(attended, { perm: [0, 2, 1, 3] }), ["rows*tokens", heads * head_dim])
  }
}
