import type { Ops, Value } from "../graph/mod.ts"
import type { ModelConfig } from "./ModelConfig.ts"

/** Tokens of a block: mass is summed by block first, so that only one block of each row is cumulated token by token. */
const blockTokens = 64

/** Weights by block: [rows, vocabulary] to [rows, blocks, blockTokens], with zeros behind the last token. */
const inBlocks = (op: Ops, weight: Value, vocabulary: number): { weights: Value; blocks: number } => {
  const blocks = Math.ceil(vocabulary / blockTokens)
  const behind = blocks * blockTokens - vocabulary
  const whole = behind === 0 ? weight : op.Pad(weight, { before: [0, 0], after: [0, behind] })
  return { weights: op.Reshape(whole, ["rows", blocks, blockTokens]), blocks }
}

/** One block of each row: [rows, blocks, blockTokens] and [rows, 1] to [rows, blockTokens]. */
const pickBlock = (op: Ops, weights: Value, blocks: number, block: Value): Value => {
  const int = (n: number) => op.scalar(n, "int64")
  const row = op.Range(int(0), op.Squeeze(op.dims(["rows"]), [0]), int(1), "rows")
  const flat = op.Reshape(weights, [`rows*${blocks}`, blockTokens])
  return op.Gather(flat, op.Add(op.Mul(row, int(blocks)), op.Squeeze(block, [1])), { axis: 0 })
}

/**
 * The place in each row at which the cumulated weight first exceeds the threshold, and the weight before it; the last
 * place with any weight where rounding lets the threshold reach the whole.
 *
 * Shapes   weight: [rows, places]; threshold, place, before: [rows, 1].
 */
const crossing = (op: Ops, weight: Value, places: number, thresholdOf: (total: Value) => Value) => {
  const axis = op.scalar(1, "int64")
  const cumulated = op.CumSum(weight, axis)
  const total = op.Slice(cumulated, { starts: [places - 1], ends: [places], axes: [1] })
  const threshold = thresholdOf(total)
  const count = (holds: Value) => op.ReduceSum(op.Cast(holds, { to: "float32" }), { axes: [1], keepdims: 1 })
  const passed = count(op.LessOrEqual(cumulated, threshold))
  const place = op.Cast(op.Min(passed, count(op.Less(cumulated, total))), { to: "int64" })
  return { place, threshold, before: op.GatherElements(op.CumSum(weight, axis, { exclusive: 1 }), place, { axis: 1 }) }
}

/**
 * One draw by inversion: the first token whose cumulated weight exceeds the share u of the whole.
 *
 * Shapes   weight: [rows, vocab_size], whose rows need not add up to 1; uniform: [rows, 1]; result int64 [rows].
 * Domain   weight ≥ 0 with some > 0 in each row; a token without weight is never drawn.
 */
export const drawToken = (op: Ops, config: Pick<ModelConfig, "vocab_size">, weight: Value, uniform: Value): Value => {
  const { blocks, weights } = inBlocks(op, weight, config.vocab_size)
  const sums = op.ReduceSum(weights, { axes: [2], keepdims: 0 })
  const block = crossing(op, sums, blocks, (total) => op.Mul(uniform, total))
  const chosen = pickBlock(op, weights, blocks, block.place)
  const token = crossing(op, chosen, blockTokens, () => op.Sub(block.threshold, block.before))
  const index = op.Add(op.Mul(block.place, op.scalar(blockTokens, "int64")), token.place)
  return op.Squeeze(index, [1])
}
