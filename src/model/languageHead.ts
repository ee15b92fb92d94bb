import type { Ops, Value } from "../graph/mod.ts"
import type { Parameter, ParameterOf } from "./Family.ts"
import type { ModelConfig } from "./ModelConfig.ts"

/** The weight whose rows are looked up by token. */
export const embedding = "model.embed_tokens.weight"

/** The weight of the language head. */
export const headWeight = (config: ModelConfig): string => (config.tie_word_embeddings ? embedding : "lm_head.weight")

/** The weights that the language head adds: none when it is tied to the embedding. */
export const languageHeadParameters = (config: ModelConfig): ReadonlyArray<Parameter> =>
  config.tie_word_embeddings
    ? []
    : [{ name: "lm_head.weight", shape: [config.vocab_size, config.hidden_size], start: "normal" }]

/** Logits z, or bound·tanh(z / bound) where the config bounds logits. */
export const boundLogits = (op: Ops, config: ModelConfig, logits: Value): Value => {
  const bound = config.softcapping?.final_logit_softcapping
  return bound === undefined
    ? logits
    : op.Mul(op.Tanh(op.Mul(logits, op.scalar(1 / bound, logits))), op.scalar(bound, logits))
}

/**
 * Logits of the next token; where the config bounds them, bound·tanh(z / bound).
 *
 * Shapes   hidden: [n, hidden_size]; result [n, vocab_size].
 */
export const languageHead = (op: Ops, config: ModelConfig, parameterOf: ParameterOf, hidden: Value): Value =>
  boundLogits(op, config, op.Gemm(hidden, parameterOf(headWeight(config)), undefined, { transB: 1 }))

/**
 * Logits of a few tokens that may come next: the columns of `languageHead` that belong to them, and no others computed.
 *
 * Shapes   options.hidden: [n, hidden_size]; result [n, options.ids].
 */
export const answerHead = (
  op: Ops,
  config: ModelConfig,
  parameterOf: ParameterOf,
  options: { readonly hidden: Value; readonly ids: ReadonlyArray<number> }
): Value => {
  const rows = op.Gather(parameterOf(headWeight(config)), op.int64(...options.ids), { axis: 0 })
  return boundLogits(op, config, op.Gemm(options.hidden, rows, undefined, { transB: 1 }))
}

/** log π over the vocabulary, of which the target's is read. Shapes: target [n, 1], all [n, vocab_size]. Units: nats. */
export interface LogProbabilities {
  readonly target: Value
  /** No gradient flows through these. */
  readonly all: Value
}

/**
 * log π under each row of logits; the gradient of the target's takes no second softmax.
 *
 * Shapes   logits: [n, vocab_size]; targets: int64 [n, 1].
 * Units    Nats.
 */
export const logProbabilitiesOf = (op: Ops, logits: Value, targets: Value): LogProbabilities => {
  let all = logits
  const target = op.composite(
    "LogProbability",
    [logits],
    () => {
      all = op.LogSoftmax(logits, { axis: -1 })
      return { output: op.GatherElements(all, targets, { axis: 1 }), saved: [all] }
    },
    (back, { saved, dy }) => {
      const [logProbability] = saved
      if (!logProbability) return []
      // ∂/∂z log softmax(z)[target] = onehot(target) − softmax(z)
      const spread = back.Mul(back.Exp(logProbability), back.Neg(dy))
      return [back.ScatterElements(spread, targets, dy, { axis: 1, reduction: "add" })]
    }
  )
  return { target, all }
}

/** Σ a·b of each row; the product is written over a where that is read for the last time. Shapes: a, b: [n, vocab_size]; result [n, 1]. */
const dot = (op: Ops, a: Value, b: Value): Value => op.ReduceSum(op.Mul(a, b), { axes: [-1], keepdims: 1 })

/** What is said of the whole distribution at each row. Shapes: all [n, vocab_size]; results [n, 1]. Units: nats. */
export const spreadOf = (op: Ops, all: Value): { readonly entropy: Value; readonly logSquares: () => Value } => {
  const probability = op.Exp(all)
  return {
    entropy: op.Neg(dot(op, probability, all)),
    logSquares: () => op.Log(dot(op, probability, probability))
  }
}
