import { Schema } from "effect"
import { pairLoss } from "../Loss.ts"
import { klCoefficient, labelSmoothing } from "../options.ts"
import { scale } from "../term/scale.ts"
import { smoothedLogistic } from "../term/smoothedLogistic.ts"

/**
 * The preference term of contrastive preference optimization: −log σ(β·(log π(a⁺) − log π(a⁻))), with conservative labels.
 *
 * Source   Xu et al. (2024), Eq. (3); its likelihood term is `nll` in a mixture.
 * Shapes   result [pair].
 * Units    nats.
 */
export const cpo = pairLoss({
  doc: "Contrastive preference optimization: DPO against a uniform reference; mix it with nll",
  options: Schema.Struct({ klCoefficient: klCoefficient(0.1), labelSmoothing: labelSmoothing(0) }),
  rewardScale: (options) => options.klCoefficient,
  build: (op, { policy }, options) => {
    const gap = scale(op, op.Sub(policy.chosen, policy.rejected), options.klCoefficient)
    return smoothedLogistic(op, gap, options.labelSmoothing)
  }
})
