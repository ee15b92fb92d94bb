import { type Graph, Ops, type Value } from "../graph/mod.ts"
import { attentionMask, placeInputs } from "./attentionMask.ts"
import type { Family, ParameterOf } from "./Family.ts"
import { answerHead, languageHead, logProbabilitiesOf } from "./languageHead.ts"
import type { ModelConfig } from "./ModelConfig.ts"
import { plainLinear } from "./linear.ts"
import { packedAttention } from "./packedAttention.ts"
import { rewardHead } from "./rewardHead.ts"
import { type StoredWeight, storedWeights } from "./storedWeights.ts"
import { trunk } from "./trunk.ts"

/** What the graphs over whole sequences have in common. */
export interface SequenceModel {
  readonly family: Family
  readonly config: ModelConfig
  /** At least the tokens of a row. Units: tokens. */
  readonly contextLength: number
}

/**
 * The hidden state, after the final norm, at the tokens named by `select`.
 *
 * Shapes   Adds the inputs ids, positions, document, branch: int64 [rows, tokens] (see `Block`).
 *          select: int64 [n], flat indices; result [n, hidden_size].
 */
export const selectedHidden = (op: Ops, model: SequenceModel, parameterOf: ParameterOf, select: Value): Value => {
  const { config, contextLength, family } = model
  const ids = op.input("ids", "int64", ["rows", "tokens"])
  const places = placeInputs(op)
  const masks = new Map<number | undefined, Value>()
  const maskOf = (window: number | undefined): Value => {
    const mask = masks.get(window) ?? op.within("/mask", () => attentionMask(op, places, { window }))
    masks.set(window, mask)
    return mask
  }
  const attend = packedAttention(op, config, { contextLength, positions: places.positions, maskOf })
  const context = { config, parameterOf, linear: plainLinear(op, parameterOf), attend }
  return family.norm(op, context, op.Gather(trunk(op, family, context, ids), select, { axis: 0 }))
}

/**
 * log π of every response token.
 *
 * Shapes   Adds the inputs of `selectedHidden`, select: int64 [selected] (the token before each response token)
 *          and targets: int64 [selected, 1]; result [selected, 1].
 * Units    Nats.
 */
export const responseLogProbability = (op: Ops, model: SequenceModel, parameterOf: ParameterOf): Value => {
  const select = op.input("select", "int64", ["selected"])
  const targets = op.input("targets", "int64", ["selected", 1])
  const hidden = selectedHidden(op, model, parameterOf, select)
  return logProbabilitiesOf(op, languageHead(op, model.config, parameterOf, hidden), targets).target
}

/**
 * Sums over the response tokens of each sequence.
 *
 * Shapes   member: [group, selected], 1 where the token belongs to the sequence; perToken: [selected, 1]; result [group].
 */
export const sumPerSequence = (op: Ops, member: Value, perToken: Value): Value =>
  op.Squeeze(op.MatMul(member, perToken), [1])

/** The graph of log π(a|x), one sum per sequence: inputs as `responseLogProbability`, and member [sequences, selected]; output logps [sequences]. */
export const logProbabilityGraph = (model: SequenceModel, weights: ReadonlyMap<string, StoredWeight>): Graph => {
  const op = new Ops("logProbability")
  const perToken = responseLogProbability(op, model, storedWeights(op, weights))
  op.output(sumPerSequence(op, op.input("member", "float32", ["sequences", "selected"]), perToken), "logps")
  return op.build()
}

/** The graph of r(x, a): inputs as `selectedHidden`, with select: int64 [sequences], the last token of each; output rewards [sequences]. */
export const rewardGraph = (model: SequenceModel, weights: ReadonlyMap<string, StoredWeight>): Graph => {
  const op = new Ops("reward")
  const parameterOf = storedWeights(op, weights)
  const hidden = selectedHidden(op, model, parameterOf, op.input("select", "int64", ["sequences"]))
  op.output(op.Squeeze(rewardHead(op, parameterOf, hidden), [1]), "rewards")
  return op.build()
}

/**
 * The graph of log P(yes)/P(no), two tokens that may come next: inputs as `selectedHidden`, with select: int64 [sequences],
 * the last token of each; output logOdds [sequences].
 *
 * Units    Nats.
 */
export const logOddsGraph = (
  model: SequenceModel,
  weights: ReadonlyMap<string, StoredWeight>,
  { no, yes }: { readonly yes: number; readonly no: number }
): Graph => {
  const op = new Ops("logOdds")
  const parameterOf = storedWeights(op, weights)
  const hidden = selectedHidden(op, model, parameterOf, op.input("select", "int64", ["sequences"]))
  const logits = answerHead(op, model.config, parameterOf, { hidden, ids: [yes, no] })
  const column = (i: number) => op.Squeeze(op.Slice(logits, { starts: [i], ends: [i + 1], axes: [1] }), [1])
  op.output(op.Sub(column(0), column(1)), "logOdds")
  return op.build()
}
