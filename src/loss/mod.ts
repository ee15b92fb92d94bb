/**
 * Losses as functions of graph values.
 *
 * ```ts
 * const perPair = dpo(op, policy, reference, { klCoefficient: 0.1 })
 * ```
 */
export { bradleyTerry } from "./bradleyTerry.ts"
export { dpo } from "./dpo.ts"
export type { PairLogProbability } from "./Loss.ts"
export { negativeLogLikelihood } from "./negativeLogLikelihood.ts"
