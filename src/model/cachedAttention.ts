import type { Ops, Value } from "../graph/mod.ts"
import type { Attend } from "./Family.ts"
import type { ModelConfig } from "./ModelConfig.ts"
import { rotary } from "./rotary.ts"

/** The names under which layer `layer` reads and writes its keys and values; the same buffer serves as past and present. */
export const cacheNames = (layer: number) => ({
  pastKey: `past.${layer}.key`,
  pastValue: `past.${layer}.value`,
  presentKey: `present.${layer}.key`,
  presentValue: `present.${layer}.value`
})

/**
 * Causal attention that appends to a key/value cache; for decoding, not differentiable.
 *
 * Source   ONNX Runtime's GroupQueryAttention (com.microsoft): one cache buffer as past and present, a length for each row.
 * Shapes   Cache [rows, num_key_value_heads, cache, head_dim]; `lengths` int32 [rows], last filled index of each row
 *          after this run; `longest` int32 [], the largest length of a row.
 */
export const cachedAttention = (
  op: Ops,
  config: ModelConfig,
  options: { readonly contextLength: number; readonly lengths: Value; readonly longest: Value }
): Attend => {
  const { head_dim, num_attention_heads, num_key_value_heads } = config
  const { cos, sin } = rotary(config, options.contextLength)
  const cosTable = op.constant(cos, [options.contextLength, head_dim / 2])
  const sinTable = op.constant(sin, [options.contextLength, head_dim / 2])
  const cacheShape = ["rows", num_key_value_heads, "cache", head_dim]
  const perRow = (x: Value, heads: number) => op.Reshape(x, ["rows", "tokens", heads * head_dim])
  return (layer, q, k, v) => {
    const names = cacheNames(layer)
    const pastKey = op.input(names.pastKey, "float32", cacheShape)
    const pastValue = op.input(names.pastValue, "float32", cacheShape)
    const [attended, presentKey, presentValue] = op.GroupQueryAttention(
      perRow(q, num_attention_heads),
      perRow(k, num_key_value_heads),
      perRow(v, num_key_value_heads),
      pastKey,
      pastValue,
      options.lengths,
      options.longest,
      cosTable,
      sinTable,
      { num_heads: num_attention_heads, kv_num_heads: num_key_value_heads, do_rotary: 1 }
    )
    op.output(presentKey, names.presentKey)
    op.output(presentValue, names.presentValue)
    return op.Reshape(attended, ["rows*tokens", num_attention_heads * head_dim])
  }
}
