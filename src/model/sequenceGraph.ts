import { type Graph, Ops, type Value } from "../graph/mod.ts"
import type { Family, ParameterOf } from "./Family.ts"
import { fullAttention } from "./fullAttention.ts"
import { languageHead, logProbabilityOf } from "./languageHead.ts"
import type { ModelConfig } from "./ModelConfig.ts"
import { rewardHead } from "./rewardHead.ts"
import { type StoredWeight, storedWeights } from "./storedWeights.ts"

/** What the graphs over whole sequences have in common. */
export interface SequenceModel {
  readonly family: Family
  readonly config: ModelConfig
  /** The longest sequence that will be fed, in tokens. */
  readonly contextLength: number
}

/**
 * The hidden state at the tokens named by `select`, of sequences that start at position 0 and are padded on the right.
 *
 * Shapes   Adds the input ids: int64 [rows, tokens]. select: int64 [n], flat indices; result [n, hidden_size].
 */
export const selectedHidden = (op: Ops, model: SequenceModel, parameterOf: ParameterOf, select: Value): Value => {
  const ids = op.input("ids", "int64", ["rows", "tokens"])
  const attend = fullAttention(op, model.config, model.contextLength)
  const hidden = model.family.hidden(op, { config: model.config, parameterOf, ids, attend })
  return op.Gather(hidden, select, { axis: 0 })
}

/**
 * log π of every response token.
 *
 * Shapes   Adds the inputs ids [rows, tokens], select: int64 [selected] (the token before each response token)
 *          and targets: int64 [selected, 1]; result [selected, 1].
 * Units    Nats.
 */
export const responseLogProbability = (op: Ops, model: SequenceModel, parameterOf: ParameterOf): Value => {
  const select = op.input("select", "int64", ["selected"])
  const targets = op.input("targets", "int64", ["selected", 1])
  const hidden = selectedHidden(op, model, parameterOf, select)
  return logProbabilityOf(op, languageHead(op, model.config, parameterOf, hidden), targets)
}

/**
 * Sums over the response tokens of each sequence.
 *
 * Shapes   member: [group, selected], 1 where the token belongs to the sequence; perToken: [selected, 1]; result [group].
 */
export const sumPerSequence = (op: Ops, member: Value, perToken: Value): Value =>
  op.Squeeze(op.MatMul(member, perToken), [1])

/** The graph of log π(a|x), one sum per row: inputs as `responseLogProbability`, and member [rows, selected]; output logps [rows]. */
export const logProbabilityGraph = (model: SequenceModel, weights: ReadonlyMap<string, StoredWeight>): Graph => {
  const op = new Ops("logProbability")
  const perToken = responseLogProbability(op, model, storedWeights(op, weights))
  op.output(sumPerSequence(op, op.input("member", "float32", ["rows", "selected"]), perToken), "logps")
  return op.build()
}

/** The graph of r(x, a): inputs ids [rows, tokens] and select: int64 [rows], the last real token of each row; output rewards [rows]. */
export const rewardGraph = (model: SequenceModel, weights: ReadonlyMap<string, StoredWeight>): Graph => {
  const op = new Ops("reward")
  const parameterOf = storedWeights(op, weights)
  const hidden = selectedHidden(op, model, parameterOf, op.input("select", "int64", ["rows"]))
  op.output(op.Squeeze(rewardHead(op, parameterOf, hidden), [1]), "rewards")
  return op.build()
}
