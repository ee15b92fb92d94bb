/**
 * Losses as functions of graph values: a row of the table `losses` is all that a new one takes.
 *
 * ```ts
 * const { dpo } = losses
 * const perPair = dpo.build(op, terms, Schema.decodeSync(dpo.options)({ klCoefficient: 0.1 }))
 * ```
 */
export { chooseLoss } from "./chooseLoss.ts"
export { Divergence } from "./divergence.ts"
export { LossError, MixtureEmpty, MixtureMixed } from "./errors.ts"
export { lengthDesensitized } from "./lengthDesensitized.ts"
export type { Bound, Loss, Pair, PairTerms, Per, RewardTerms, RowTerms } from "./Loss.ts"
export { type LossChoice, losses, type LossName } from "./losses.ts"
export { type BoundLoss, lossName, lossOf } from "./lossOf.ts"
export { type Mixture, mixtureOf, type Part, type WeightedLoss } from "./mixtureOf.ts"
export { wpoWeight } from "./wpoWeight.ts"
