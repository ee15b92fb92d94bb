import { Schema } from "effect"
import { implicitRewards } from "../term/implicitRewards.ts"
import { pairLoss } from "../Loss.ts"
import { minusLogSigmoid } from "../term/minusLogSigmoid.ts"
import { klCoefficient } from "../options.ts"
import { scale } from "../term/scale.ts"

/**
 * Noise contrastive alignment on pairs: raises the chosen response itself, not only the gap.
 *
 * Source   Chen et al. (2024): −log σ(r⁺) − ½·log σ(−r⁺) − ½·log σ(−r⁻), r = β·(log π − log π₀).
 * Shapes   result [pair].
 * Units    nats.
 */
export const nca = pairLoss({
  doc: "Noise contrastive alignment: keeps the likelihood of chosen responses from falling",
  options: Schema.Struct({ klCoefficient: klCoefficient(0.1) }),
  rewardScale: (options) => options.klCoefficient,
  build: (op, terms, options) => {
    const { chosen, rejected } = implicitRewards(op, terms, options.klCoefficient)
    const noise = op.Add(op.Softplus(chosen), op.Softplus(rejected)) // −log σ(−z) = softplus(z)
    return op.Add(minusLogSigmoid(op, chosen), scale(op, noise, 0.5))
  }
})
