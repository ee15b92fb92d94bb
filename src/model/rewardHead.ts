import type { Ops, Value } from "../graph/mod.ts"
import type { Parameter, ParameterOf } from "./Family.ts"
import type { ModelConfig } from "./ModelConfig.ts"

/** The one weight of a reward model above its trunk, named as in `LlamaForSequenceClassification`. */
export const rewardHeadParameters = (config: ModelConfig): ReadonlyArray<Parameter> => [
  { name: "score.weight", shape: [1, config.hidden_size], start: "normal" }
]

/**
 * The scalar reward r(x, a), read off the hidden state of the last real token.
 *
 * Source   Section 2: the last layer of the SFT model replaced by a linear head.
 * Shapes   hidden: [n, hidden_size]; result [n, 1].
 */
export const rewardHead = (op: Ops, parameterOf: ParameterOf, hidden: Value): Value =>
  op.Gemm(hidden, parameterOf("score.weight"), undefined, { transB: 1 })
