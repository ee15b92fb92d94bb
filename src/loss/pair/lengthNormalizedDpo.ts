import { Schema } from "effect"
import { divergence, scores } from "../divergence.ts"
import { pairLoss } from "../Loss.ts"
import { klCoefficient, labelSmoothing } from "../options.ts"
import { perToken } from "../term/perToken.ts"
import { scale } from "../term/scale.ts"
import { smoothedLogistic } from "../term/smoothedLogistic.ts"

/**
 * DPO on scores per response token: −log σ(β·(s⁺/|a⁺| − s⁻/|a⁻|)), with conservative labels.
 *
 * Source   Tulu 3 (Lambert et al., 2024), β = 5; `sigmoid_norm` in TRL.
 * Shapes   result [pair].
 * Units    nats.
 */
export const lengthNormalizedDpo = pairLoss({
  doc: "DPO on log-ratios per response token",
  options: Schema.Struct({ klCoefficient: klCoefficient(5), labelSmoothing: labelSmoothing(0), divergence }),
  rewardScale: (options) => options.klCoefficient,
  build: (op, terms, options) => {
    const { chosen, rejected } = perToken(op, scores(op, terms, options.divergence), terms.length)
    const z = scale(op, op.Sub(chosen, rejected), options.klCoefficient)
    return smoothedLogistic(op, z, options.labelSmoothing)
  }
})
