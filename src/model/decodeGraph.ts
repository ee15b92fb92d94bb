import { type Graph, Ops, type Value } from "../graph/mod.ts"
import { cachedAttention } from "./cachedAttention.ts"
import type { Family } from "./Family.ts"
import { languageHead } from "./languageHead.ts"
import { plainLinear } from "./linear.ts"
import type { ModelConfig } from "./ModelConfig.ts"
import { type StoredWeight, storedWeights } from "./storedWeights.ts"
import { trunk } from "./trunk.ts"

/**
 * One draw from softmax(logits / temperature) by inversion: the number of tokens whose cumulated probability is at most u.
 *
 * Shapes   logits: [rows, vocab_size]; temperature, uniform: [rows, 1]; result int64 [rows].
 */
const draw = (op: Ops, config: ModelConfig, logits: Value, temperature: Value, uniform: Value): Value => {
  const probability = op.Softmax(op.Div(logits, temperature), { axis: -1 })
  const cumulated = op.CumSum(probability, op.constant(new BigInt64Array([1n]), []))
  const last = op.constant(new BigInt64Array([BigInt(config.vocab_size - 1)]), [1])
  const threshold = op.Mul(uniform, op.Gather(cumulated, last, { axis: 1 }))
  const below = op.Cast(op.LessOrEqual(cumulated, threshold), { to: "float32" })
  const count = op.ReduceSum(below, { axes: [1], keepdims: 0 })
  return op.Cast(op.Min(count, op.scalar(config.vocab_size - 1)), { to: "int64" })
}

/**
 * The graph that reads tokens, fills the cache and draws the next token of each row.
 *
 * Shapes   ids: int64 [rows, tokens]; lengths: int32 [rows], last filled index of the cache after this run;
 *          longest: int32 [], the largest filled length; last: int64 [rows], flat index of the token that predicts;
 *          temperature, uniform: [rows, 1]; token: int64 [rows]; with `logits`, also logits: [rows, vocab_size].
 * Domain   draw "categorical" wants temperature > 0; draw "greedy" reads neither temperature nor uniform.
 */
export const decodeGraph = (options: {
  readonly family: Family
  readonly config: ModelConfig
  readonly weights: ReadonlyMap<string, StoredWeight>
  readonly contextLength: number
  readonly draw: "categorical" | "greedy"
  readonly logits?: boolean
}): Graph => {
  const { family, config, contextLength } = options
  const op = new Ops("decode")
  const ids = op.input("ids", "int64", ["rows", "tokens"])
  const lengths = op.input("lengths", "int32", ["rows"])
  const longest = op.input("longest", "int32", [])
  const last = op.input("last", "int64", ["rows"])
  const parameterOf = storedWeights(op, options.weights)
  const attend = cachedAttention(op, config, { contextLength, lengths, longest })
  const context = { config, parameterOf, linear: plainLinear(op, parameterOf), attend }
  const hidden = family.norm(op, context, op.Gather(trunk(op, family, context, ids), last, { axis: 0 }))
  const logits = languageHead(op, config, parameterOf, hidden)
  if (options.draw === "greedy") {
    op.output(op.ArgMax(logits, { axis: -1, keepdims: 0 }), "token")
  } else {
    const temperature = op.input("temperature", "float32", ["rows", 1])
    const uniform = op.input("uniform", "float32", ["rows", 1])
    op.output(draw(op, config, logits, temperature, uniform), "token")
  }
  if (options.logits) op.output(logits, "logits")
  return op.build()
}
