import type { Ops, Value } from "../graph/mod.ts"
import type { Parameter, ParameterOf } from "./Family.ts"
import type { ModelConfig } from "./ModelConfig.ts"

const weightName = (config: ModelConfig): string =>
  config.tie_word_embeddings ? "model.embed_tokens.weight" : "lm_head.weight"

/** The weights that the language head adds: none when it is tied to the embedding. */
export const languageHeadParameters = (config: ModelConfig): ReadonlyArray<Parameter> =>
  config.tie_word_embeddings
    ? []
    : [{ name: "lm_head.weight", shape: [config.vocab_size, config.hidden_size], start: "normal" }]

/**
 * Logits of the next token; where the config bounds them, bound·tanh(z / bound).
 *
 * Shapes   hidden: [n, hidden_size]; result [n, vocab_size].
 */
export const languageHead = (op: Ops, config: ModelConfig, parameterOf: ParameterOf, hidden: Value): Value => {
  const logits = op.Gemm(hidden, parameterOf(weightName(config)), undefined, { transB: 1 })
  const bound = config.softcapping?.final_logit_softcapping
  return bound === undefined
    ? logits
    : op.Mul(op.Tanh(op.Mul(logits, op.scalar(1 / bound, logits))), op.scalar(bound, logits))
}

/**
 * log π(target) under each row of logits, and its gradient without a second softmax.
 *
 * Shapes   logits: [n, vocab_size]; targets: int64 [n, 1]; result [n, 1].
 * Units    Nats.
 */
export const logProbabilityOf = (op: Ops, logits: Value, targets: Value): Value =>
  op.composite(
    "LogProbability",
    [logits],
    () => {
      const logProbability = op.LogSoftmax(logits, { axis: -1 })
      return { output: op.GatherElements(logProbability, targets, { axis: 1 }), saved: [logProbability] }
    },
    (back, { saved, dy }) => {
      const [logProbability] = saved
      if (!logProbability) return []
      // ∂/∂z log softmax(z)[target] = onehot(target) − softmax(z)
      const spread = back.Mul(back.Exp(logProbability), back.Neg(dy))
      return [back.ScatterElements(spread, targets, dy, { axis: 1, reduction: "add" })]
    }
  )
