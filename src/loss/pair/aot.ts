import { Schema } from "effect"
import { pairLoss } from "../Loss.ts"
import { klCoefficient, labelSmoothing } from "../options.ts"
import { ranked } from "../term/ranked.ts"
import { scale } from "../term/scale.ts"
import { smoothedLogistic } from "../term/smoothedLogistic.ts"

/**
 * Alignment by optimal transport, paired: the policy's gaps of a batch dominate the reference's, rank by rank.
 *
 * Source   Melnyk et al. (2024): the logistic loss of β·(gap₍ᵢ₎ − gap₀₍ᵢ₎), both sorted over the batch, where
 *          gap = log π(a⁺) − log π(a⁻).
 * Shapes   result [pair], by rank: element i belongs to no pair of its own.
 * Units    nats.
 * Domain   at least two pairs; the sort is over a micro-batch.
 */
export const aot = pairLoss({
  doc: "Alignment by optimal transport: gaps of the policy against gaps of the reference, rank by rank",
  coupled: true,
  options: Schema.Struct({ klCoefficient: klCoefficient(0.1), labelSmoothing: labelSmoothing(0) }),
  rewardScale: (options) => options.klCoefficient,
  build: (op, { policy, reference }, options) => {
    const policyGap = op.Sub(policy.chosen, policy.rejected)
    const referenceGap = op.Sub(reference.chosen, reference.rejected)
    const lead = op.Sub(ranked(op, policyGap), ranked(op, referenceGap))
    return smoothedLogistic(op, scale(op, lead, options.klCoefficient), options.labelSmoothing)
  }
})
