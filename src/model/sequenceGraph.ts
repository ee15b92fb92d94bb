import { type Graph, Ops, type Value } from "../graph/mod.ts"
import type { Attend, Family, ParameterOf } from "./Family.ts"
import { answerHead, languageHead, logProbabilitiesOf } from "./languageHead.ts"
import type { ModelConfig } from "./ModelConfig.ts"
import { plainLinear } from "./linear.ts"
import { rewardHead } from "./rewardHead.ts"
import { type StoredWeight, storedWeights } from "./storedWeights.ts"
import { tiledAttention, tilingInputs } from "./tiledAttention.ts"
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
 * In the last layer the other tokens give keys and values only: nobody reads what it makes of them.
 *
 * Shapes   Adds the inputs ids, int64 [rows, tokens], positions, int64 [rows*tokens], and the tilings "whole" and
 *          "chosen" (see `Sheet`). select: int64 [n], flat indices; result [n, hidden_size].
 */
export const selectedHidden = (op: Ops, model: SequenceModel, parameterOf: ParameterOf, select: Value): Value => {
  const { config, contextLength, family } = model
  const ids = op.input("ids", "int64", ["rows", "tokens"])
  const positions = op.input("positions", "int64", ["rows*tokens"])
  const whole = tilingInputs(op, "whole", "rows*tokens")
  const chosen = tilingInputs(op, "chosen", select.shape[0] ?? 1)
  const attendWhole = tiledAttention(op, config, {
    contextLength,
    tiling: whole,
    positions: { queries: positions, keys: positions }
  })
  const attendChosen = tiledAttention(op, config, {
    contextLength,
    tiling: chosen,
    positions: { queries: op.Gather(positions, select), keys: positions }
  })
  const context = { config, parameterOf, linear: plainLinear(op, parameterOf), attend: attendWhole }
  const last = config.num_hidden_layers - 1
  const x = trunk(op, family, context, ids, last)
  const seen: Array<readonly [k: Value, v: Value]> = []
  // what is built here but for keys and values, nobody reads
  const listen: Attend = (_layer, q, k, v) => {
    seen.push([k, v])
    return q
  }
  op.within("seen", () => family.layer(op, { ...context, attend: listen }, last, x))
  const [[keys, values] = [x, x]] = seen
  const attend: Attend = (layer, q, _k, _v, options) => attendChosen(layer, q, keys, values, options)
  const y = op.within(`layers.${last}`, () =>
    family.layer(op, { ...context, attend }, last, op.Gather(x, select, { axis: 0 }))
  )
  return family.norm(op, context, y)
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

/** The graph of log π of every response token: inputs as `responseLogProbability`; output logps [selected]. */
export const logProbabilityGraph = (model: SequenceModel, weights: ReadonlyMap<string, StoredWeight>): Graph => {
  const op = new Ops("logProbability")
  op.output(op.Squeeze(responseLogProbability(op, model, storedWeights(op, weights)), [1]), "logps")
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
