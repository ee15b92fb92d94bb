import { multiplyDims, sameShape } from "../Dim.ts"
import type { ShapeRule } from "./ShapeRule.ts"

const SimplifiedLayerNormalization: ShapeRule = (call) => {
  const { type, shape } = call.float(0)
  const axis = call.axisOf(call.int("axis", -1), shape.length)
  if (!sameShape(call.typed(1, type).shape, shape.slice(axis)))
    throw call.refusal(`a weight [${shape.slice(axis).join(", ")}]`)
  return [
    { type, shape },
    // ONNX Runtime keeps the statistics of every type in float32
    { type: "float32", shape: shape.map((dim, i) => (i < axis ? dim : 1)) }
  ]
}

const SkipSimplifiedLayerNormalization: ShapeRule = (call) => {
  const { type, shape } = call.float(0)
  const skip = call.typed(1, type)
  const weight = call.typed(2, type)
  if (!sameShape(skip.shape, shape) || !sameShape(weight.shape, shape.slice(-1))) {
    throw call.refusal(`a skip [${shape.join(", ")}] and a weight [${shape.slice(-1).join(", ")}]`)
  }
  // outputs 1 and 2, mean and inverse deviation, are not computed on the CPU
  return [
    { type, shape },
    { type, shape },
    { type, shape },
    { type, shape }
  ]
}

const RotaryEmbedding: ShapeRule = (call) => {
  const { type, shape } = call.float(0)
  const positions = call.typed(1, "int64").shape
  const [cos, sin] = [call.typed(2, type).shape, call.typed(3, type).shape]
  if (shape.length !== 4) throw call.refusal("4 axes [rows, heads, tokens, width] at position 0")
  const [rows, , tokens, width] = shape
  if (!sameShape(positions, [1]) && !sameShape(positions, [rows ?? 1, tokens ?? 1])) {
    throw call.refusal(`positions [1] or [${rows}, ${tokens}]`)
  }
  if (cos.length !== 2 || !sameShape(cos, sin) || multiplyDims([2, cos[1] ?? 1]) !== width) {
    throw call.refusal("tables of cos and sin, half as wide as the heads")
  }
  return [{ type, shape }]
}

const GroupQueryAttention: ShapeRule = (call) => {
  const q = call.float(0)
  const scaled = call.text("k_quant_type", "NONE") !== "NONE"
  const [k, v] = [1, 2].map((i) => call.typed(i, q.type))
  const [pastKey, pastValue] = [3, 4].map((i) => call.typed(i, scaled ? "int8" : q.type))
  call.typed(5, "int32")
  call.typed(6, "int32")
  if (!k || !v || !pastKey || !pastValue) throw call.refusal("queries, keys, values and their caches")
  const width = pastKey.shape[3] ?? 1
  const [heads, kvHeads] = [call.int("num_heads", 0), call.int("kv_num_heads", 0)]
  const wanted = [
    q.shape[2] === multiplyDims([heads, width]),
    k.shape[2] === multiplyDims([kvHeads, width]),
    sameShape(k.shape, v.shape),
    pastKey.shape[1] === kvHeads,
    sameShape(pastKey.shape, pastValue.shape),
    sameShape(q.shape.slice(0, 2), k.shape.slice(0, 2)),
    q.shape[0] === pastKey.shape[0],
    ...(scaled ? [12, 13] : []).map((i) => sameShape(call.typed(i, "float32").shape, [1, kvHeads, 1, width]))
  ]
  if (wanted.includes(false))
    throw call.refusal(`[rows, tokens, heads·${width}] and caches [rows, ${kvHeads}, cache, ${width}]`)
  return [
    { type: q.type, shape: q.shape },
    { type: pastKey.type, shape: pastKey.shape },
    { type: pastValue.type, shape: pastValue.shape }
  ]
}

/** Shapes of norms that ONNX Runtime keeps in the standard domain. */
export const normalization = { SimplifiedLayerNormalization } as const satisfies Record<string, ShapeRule>

/** Shapes of norms and attention in the domain of ONNX Runtime. */
export const attentionMicrosoft = {
  SkipSimplifiedLayerNormalization,
  RotaryEmbedding,
  GroupQueryAttention
} as const satisfies Record<string, ShapeRule>
