import { Schema } from "effect"
import { defaulted } from "../../../schemas/mod.ts"
import { pairLoss } from "../Loss.ts"
import { klCoefficient, labelSmoothing } from "../options.ts"
import { perToken } from "../term/perToken.ts"
import { scale } from "../term/scale.ts"
import { smoothedLogistic } from "../term/smoothedLogistic.ts"

/**
 * Simple preference optimization: −log σ(β·(m⁺ − m⁻) − γ), m the log-probability per response token, with conservative labels.
 *
 * Source   Meng et al. (2024); β = 2 and γ/β = 0.5 are its settings for a base model.
 * Shapes   result [pair].
 * Units    nats.
 */
export const simpo = pairLoss({
  doc: "Simple preference optimization: log-probabilities per token and a target margin, no reference",
  options: Schema.Struct({
    klCoefficient: klCoefficient(2),
    targetMargin: defaulted(Schema.Finite, 1, "The gap of rewards that is aimed at: γ (nats)"),
    labelSmoothing: labelSmoothing(0)
  }),
  rewardScale: (options) => options.klCoefficient,
  build: (op, { policy, length }, options) => {
    const { chosen, rejected } = perToken(op, policy, length)
    const gap = scale(op, op.Sub(chosen, rejected), options.klCoefficient)
    return smoothedLogistic(op, op.Sub(gap, op.scalar(options.targetMargin, gap)), options.labelSmoothing)
  }
})
