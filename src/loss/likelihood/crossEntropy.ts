import { Schema } from "effect"
import { pairLoss } from "../Loss.ts"
import { minusLogSigmoid } from "../term/minusLogSigmoid.ts"
import { klCoefficient } from "../options.ts"
import { scale } from "../term/scale.ts"

/**
 * Logistic loss of the chosen response alone: −log σ(β·(log π(a⁺) − log π₀(a⁺))).
 *
 * Source   `cross_entropy` of the first public code of the recipe.
 * Shapes   result [pair].
 * Units    nats.
 */
export const crossEntropy = pairLoss({
  doc: "Logistic loss of the chosen response's log-ratio alone",
  options: Schema.Struct({ klCoefficient: klCoefficient(0.1) }),
  rewardScale: (options) => options.klCoefficient,
  build: (op, { policy, reference }, options) =>
    minusLogSigmoid(op, scale(op, op.Sub(policy.chosen, reference.chosen), options.klCoefficient))
})
