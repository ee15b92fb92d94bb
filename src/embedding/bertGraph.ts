import { type Graph, Ops, type Value } from "../graph/mod.ts"
import { type ParameterOf, plainLinear, type StoredWeight, storedWeights } from "../model/mod.ts"
import { layerPrefix } from "./bertParameters.ts"
import type { EncoderConfig } from "./EncoderConfig.ts"

/** What the parts of an encoder are built with. */
interface Building {
  readonly op: Ops
  readonly config: EncoderConfig
  readonly parameterOf: ParameterOf
}

/** (x − mean)/√(variance + ε)·weight + bias over the last axis. Source: Ba et al., arXiv:1607.06450. */
const layerNorm = ({ config, op, parameterOf }: Building, x: Value, name: string): Value => {
  const centred = op.Sub(x, op.ReduceMean(x, { axes: [-1] }))
  const variance = op.ReduceMean(op.Pow(centred, op.scalar(2)), { axes: [-1] })
  const scaled = op.Div(centred, op.Sqrt(op.Add(variance, op.scalar(config.layer_norm_eps))))
  return op.Add(op.Mul(scaled, parameterOf(`${name}.weight`)), parameterOf(`${name}.bias`))
}

/** x·Φ(x), exactly. Source: Hendrycks and Gimpel, arXiv:1606.08415: ½·x·(1 + erf(x/√2)). */
const gelu = (op: Ops, x: Value): Value =>
  op.Mul(op.Mul(x, op.Add(op.Erf(op.Div(x, op.scalar(Math.SQRT2))), op.scalar(1))), op.scalar(0.5))

/** Token, place and segment together, normed. Shapes: ids: [rows, tokens]; result [rows*tokens, hidden_size]. */
const embed = (building: Building, ids: Value): Value => {
  const { config, op, parameterOf } = building
  const table = (name: string) => parameterOf(`embeddings.${name}_embeddings.weight`)
  const places = op.Slice(table("position"), { starts: [0], ends: ["tokens"], axes: [0] })
  const segment = op.Slice(table("token_type"), { starts: [0], ends: [1], axes: [0] })
  const sum = op.Add(op.Add(op.Gather(table("word"), ids), segment), places)
  return layerNorm(building, op.Reshape(sum, ["rows*tokens", config.hidden_size]), "embeddings.LayerNorm")
}

/**
 * Every token sees every real token of its row.
 *
 * Source   Vaswani et al., arXiv:1706.03762: softmax(q·kᵀ/√width)·v.
 * Shapes   x: [rows*tokens, hidden_size]; mask: [rows, 1, 1, tokens], 0 or −1e9, after which exp gives 0; result as x.
 */
const attention = ({ config, op, parameterOf }: Building, x: Value, mask: Value, at: string): Value => {
  const linear = plainLinear(op, parameterOf)
  const { hidden_size, num_attention_heads: heads } = config
  const width = hidden_size / heads
  const split = (name: string, perm: ReadonlyArray<number>) => {
    const y = linear(x, `${at}.attention.self.${name}`, { bias: true })
    return op.Transpose(op.Reshape(y, ["rows", "tokens", heads, width]), { perm })
  }
  const scores = op.MatMul(split("query", [0, 2, 1, 3]), split("key", [0, 2, 3, 1]))
  const seen = op.Softmax(op.Add(op.Mul(scores, op.scalar(1 / Math.sqrt(width))), mask), { axis: -1 })
  const joined = op.Transpose(op.MatMul(seen, split("value", [0, 2, 1, 3])), { perm: [0, 2, 1, 3] })
  return linear(op.Reshape(joined, ["rows*tokens", hidden_size]), `${at}.attention.output.dense`, { bias: true })
}

/** One layer, normed after each sum. Shapes: x: [rows*tokens, hidden_size]; result as x. */
const layerOf = (building: Building, x: Value, mask: Value, at: string): Value => {
  const { op, parameterOf } = building
  const linear = plainLinear(op, parameterOf)
  const attended = op.Add(attention(building, x, mask, at), x)
  const middle = layerNorm(building, attended, `${at}.attention.output.LayerNorm`)
  const inner = gelu(op, linear(middle, `${at}.intermediate.dense`, { bias: true }))
  return layerNorm(
    building,
    op.Add(linear(inner, `${at}.output.dense`, { bias: true }), middle),
    `${at}.output.LayerNorm`
  )
}

/** The mean over real tokens, or the first token. Shapes: hidden: [rows, tokens, hidden_size]; real: [rows, tokens]. */
const poolings = {
  mean: (op: Ops, hidden: Value, real: Value): Value => {
    const sum = op.ReduceSum(op.Mul(hidden, op.Unsqueeze(real, [2])), { axes: [1], keepdims: 0 })
    return op.Div(sum, op.ReduceSum(real, { axes: [1] }))
  },
  cls: (op: Ops, hidden: Value): Value => op.Squeeze(op.Slice(hidden, { starts: [0], ends: [1], axes: [1] }), [1])
}

/** How the vectors of tokens become one. */
export type Pooling = keyof typeof poolings

/**
 * The graph from token ids to sentence vectors of length 1.
 *
 * Source   BERT, Devlin et al., arXiv:1810.04805; pooling as in Reimers and Gurevych, arXiv:1908.10084.
 * Shapes   ids: int64 [rows, tokens]; real: float32 [rows, tokens], 1 or 0 where a token only fills the row;
 *          vectors: [rows, hidden_size].
 */
export const bertGraph = (
  options: { readonly config: EncoderConfig; readonly pooling: Pooling },
  weights: ReadonlyMap<string, StoredWeight>
): Graph => {
  const { config, pooling } = options
  const op = new Ops("encoder")
  const ids = op.input("ids", "int64", ["rows", "tokens"])
  const real = op.input("real", "float32", ["rows", "tokens"])
  const mask = op.Unsqueeze(op.Mul(op.Sub(op.scalar(1), real), op.scalar(-1e9)), [1, 2])
  const building = { op, config, parameterOf: storedWeights(op, weights) }
  let x = op.within("embeddings", () => embed(building, ids))
  for (let layer = 0; layer < config.num_hidden_layers; layer++) {
    const at = layerPrefix(layer)
    x = op.within(at, () => layerOf(building, x, mask, at))
  }
  const pooled = poolings[pooling](op, op.Reshape(x, ["rows", "tokens", config.hidden_size]), real)
  const length = op.Sqrt(op.ReduceSumSquare(pooled, { axes: [1] }))
  op.output(op.Div(pooled, op.Max(length, op.scalar(1e-12))), "vectors")
  return op.build()
}
