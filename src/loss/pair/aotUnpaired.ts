import { Schema } from "effect"
import { logRatios } from "../term/logRatios.ts"
import { pairLoss } from "../Loss.ts"
import { klCoefficient, labelSmoothing } from "../options.ts"
import { ranked } from "../term/ranked.ts"
import { scale } from "../term/scale.ts"
import { smoothedLogistic } from "../term/smoothedLogistic.ts"

/**
 * Alignment by optimal transport, unpaired: log-ratios of chosen responses dominate those of rejected ones, rank by rank.
 *
 * Source   Melnyk et al. (2024): the logistic loss of β·(ρ⁺₍ᵢ₎ − ρ⁻₍ᵢ₎), both sorted over the batch.
 * Shapes   result [pair], by rank: element i belongs to no pair of its own.
 * Units    nats.
 * Domain   at least two pairs; the sort is over a micro-batch.
 */
export const aotUnpaired = pairLoss({
  doc: "Alignment by optimal transport: chosen against rejected log-ratios, rank by rank",
  coupled: true,
  options: Schema.Struct({ klCoefficient: klCoefficient(0.1), labelSmoothing: labelSmoothing(0) }),
  rewardScale: (options) => options.klCoefficient,
  build: (op, terms, options) => {
    const { chosen, rejected } = logRatios(op, terms)
    const lead = op.Sub(ranked(op, chosen), ranked(op, rejected))
    return smoothedLogistic(op, scale(op, lead, options.klCoefficient), options.labelSmoothing)
  }
})
