import type { Ops, Value } from "../graph/mod.ts"
import type { ModelConfig } from "./ModelConfig.ts"

/**
 * One draw by inversion: the number of tokens whose cumulated probability is at most u.
 *
 * Shapes   probability: [rows, vocab_size], whose rows need not add up to 1; uniform: [rows, 1]; result int64 [rows].
 */
export const drawToken = (
  op: Ops,
  config: Pick<ModelConfig, "vocab_size">,
  probability: Value,
  uniform: Value
): Value => {
  const cumulated = op.CumSum(probability, op.constant(new BigInt64Array([1n]), []))
  const last = op.constant(new BigInt64Array([BigInt(config.vocab_size - 1)]), [1])
  const threshold = op.Mul(uniform, op.Gather(cumulated, last, { axis: 1 }))
  const below = op.Cast(op.LessOrEqual(cumulated, threshold), { to: "float32" })
  const count = op.ReduceSum(below, { axes: [1], keepdims: 0 })
  return op.Cast(op.Min(count, op.scalar(config.vocab_size - 1)), { to: "int64" })
}
