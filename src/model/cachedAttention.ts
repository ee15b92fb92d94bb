import type { CacheFormatName } from "../../schemas/mod.ts"
import type { Ops, Value } from "../graph/mod.ts"
import { type CacheFormat, cacheFormats } from "./cacheFormats.ts"
import type { Attend } from "./Family.ts"
import { type ModelConfig, rotaryWidth } from "./ModelConfig.ts"
import { rotaryTables, rotate } from "./rotate.ts"

/** The names under which layer `layer` reads and writes its keys and values; the same buffer serves as past and present. */
export const cacheNames = (layer: number) => ({
  pastKey: `past.${layer}.key`,
  pastValue: `past.${layer}.value`,
  presentKey: `present.${layer}.key`,
  presentValue: `present.${layer}.value`
})

/** The names under which layer `layer` reads the sizes of its cache's steps, where the cache is in steps. */
export const stepNames = (layer: number) => ({ key: `steps.${layer}.key`, value: `steps.${layer}.value` })

/** Heads whose width is no multiple of this, or is rotated in part, are rotated outside of GroupQueryAttention, which would refuse them. */
const fusedRotation = 16

/** Position of each token: rows begin where their cache ends, and at 0 while a prompt is read. Shapes: int64 [rows, tokens]. */
const positions = (op: Ops, lengths: Value): Value => {
  const constant = (n: bigint) => op.constant(new BigInt64Array([n]), [])
  const tokens = op.Squeeze(op.dims(["tokens"]), [0])
  const begin = op.Sub(op.Add(op.Cast(lengths, { to: "int64" }), constant(1n)), tokens)
  const offsets = op.Range(constant(0n), tokens, constant(1n), "tokens")
  return op.Add(op.Unsqueeze(op.Max(begin, constant(0n)), [1]), op.Unsqueeze(offsets, [0]))
}

/** A value in the type that attention reads. */
const readAs = (op: Ops, x: Value, type: CacheFormat["reads"]): Value =>
  x.type === type ? x : op.Cast(x, { to: type })

/**
 * Causal attention that appends to a key/value cache; for decoding, not differentiable.
 *
 * Source   ONNX Runtime's GroupQueryAttention (com.microsoft): one cache buffer as past and present, a length for each row.
 * Shapes   Cache [rows, num_key_value_heads, cache, head_dim], steps [1, num_key_value_heads, 1, head_dim]; `lengths` int32 [rows], last filled index of each row
 *          after this run; `longest` int32 [], the largest length of a row.
 */
export const cachedAttention = (
  op: Ops,
  config: ModelConfig,
  options: {
    readonly contextLength: number
    readonly lengths: Value
    readonly longest: Value
    readonly cache: CacheFormatName
  }
): Attend => {
  const { head_dim, num_attention_heads, num_key_value_heads } = config
  const { reads, stepped, type }: CacheFormat = cacheFormats[options.cache]
  const cacheShape = ["rows", num_key_value_heads, "cache", head_dim]
  const fused = head_dim % fusedRotation === 0 && rotaryWidth(config) === head_dim
  const tables = rotaryTables(op, config, options.contextLength, fused ? reads : "float32")
  const at = fused ? undefined : op.within("positions", () => positions(op, options.lengths))
  const perRow = (x: Value, heads: number) => op.Reshape(x, ["rows", "tokens", heads * head_dim])
  const rotated = (x: Value, heads: number) => {
    if (!at) return perRow(x, heads)
    const split = op.Transpose(op.Reshape(x, ["rows", "tokens", heads, head_dim]), { perm: [0, 2, 1, 3] })
    return perRow(op.Transpose(rotate(op, config, tables, split, at), { perm: [0, 2, 1, 3] }), heads)
  }
  return (layer, q, k, v, { window, softcap, scale } = {}) => {
    const names = cacheNames(layer)
    const pastKey = op.input(names.pastKey, type, cacheShape)
    const pastValue = op.input(names.pastValue, type, cacheShape)
    const stepsOf = (name: string) => op.input(name, "float32", [1, num_key_value_heads, 1, head_dim])
    const { key, value } = stepNames(layer)
    const scales = stepped ? { key: stepsOf(key), value: stepsOf(value) } : undefined
    const [attended, presentKey, presentValue] = op.GroupQueryAttention(
      readAs(op, rotated(q, num_attention_heads), reads),
      readAs(op, rotated(k, num_key_value_heads), reads),
      readAs(op, perRow(v, num_key_value_heads), reads),
      pastKey,
      pastValue,
      options.lengths,
      options.longest,
      fused ? tables.cos : undefined,
      fused ? tables.sin : undefined,
      {
        num_heads: num_attention_heads,
        kv_num_heads: num_key_value_heads,
        do_rotary: fused ? 1 : 0,
        scale: scale ?? 0,
        softcap: softcap ?? 0,
        local_window_size: window ?? -1,
        scales
      }
    )
    op.output(presentKey, names.presentKey)
    op.output(presentValue, names.presentValue)
    return op.Reshape(readAs(op, attended, "float32"), ["rows*tokens", num_attention_heads * head_dim])
  }
}
