import type { Ops, Value } from "../graph/mod.ts"

/**
 * Negative log-likelihood of each response token: the loss of supervised fine-tuning.
 *
 * Source   Section 3.1.
 * Shapes   logProbability: [token, 1]; result [token, 1].
 * Units    Nats per token.
 */
export const negativeLogLikelihood = (op: Ops, logProbability: Value): Value => op.Neg(logProbability)
