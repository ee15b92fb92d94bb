import type { Ops, Value } from "../graph/mod.ts"
import type { ModelConfig } from "./ModelConfig.ts"

/**
 * What draws the most likely token, the first of several: divided by this temperature, a power of two, logits stay as exact as they
 * are and so far apart that exp of the others is 0; and u is less than the share of each of several.
 */
export const mostLikely = { temperature: 2 ** -66, uniform: 2 ** -24 } as const

/** Tokens of a block: mass is summed by block first, so that only one block of each row is cumulated token by token. */
const blockTokens = 64

/**
 * One draw by inversion: the first token whose cumulated weight exceeds the share u of the whole.
 *
 * Shapes   weight: [rows, vocab_size], whose rows need not add up to 1; uniform: [rows, 1]; result int64 [rows].
 * Domain   weight ≥ 0 with some > 0 in each row; a token without weight is never drawn. u is a multiple of 2⁻²⁴ below 1.
 */
export const drawToken = (op: Ops, config: Pick<ModelConfig, "vocab_size">, weight: Value, uniform: Value): Value => {
  const { vocab_size } = config
  const blocks = Math.ceil(vocab_size / blockTokens)
  const behind = blocks * blockTokens - vocab_size
  const whole = behind === 0 ? weight : op.Pad(weight, { before: [0, 0], after: [0, behind] })
  const axis = op.scalar(1, "int64")
  const lastOf = (x: Value, places: number) => op.Slice(x, { starts: [places - 1], ends: [places], axes: [1] })
  const count = (holds: Value) => op.ReduceSum(op.Cast(holds, { to: "int64" }), { axes: [1], keepdims: 1 })
  const sums = op.ReduceSum(op.Reshape(whole, ["rows", blocks, blockTokens]), { axes: [2], keepdims: 0 })
  const upTo = op.CumSum(sums, axis)
  const threshold = op.Mul(uniform, lastOf(upTo, blocks)) // u ≤ 1 − 2⁻²⁴: below the whole, also when it is rounded
  const block = count(op.LessOrEqual(upTo, threshold))
  const before = op.GatherElements(op.CumSum(sums, axis, { exclusive: 1 }), block, { axis: 1 })
  const first = op.Mul(block, op.scalar(blockTokens, "int64"))
  const inBlock = op.constant(
    BigInt64Array.from({ length: blockTokens }, (_, i) => BigInt(i)),
    [1, blockTokens]
  )
  const within = op.CumSum(op.GatherElements(whole, op.Add(first, inBlock), { axis: 1 }), axis)
  const passed = op.LessOrEqual(within, op.Sub(threshold, before))
  // a block's sum is rounded in another order: the last token with weight, where its tokens do not reach the threshold
  const token = count(op.And(passed, op.Less(within, lastOf(within, blockTokens))))
  return op.Squeeze(op.Add(first, token), [1])
}
