import { Schema } from "effect"
import { implicitRewards } from "../term/implicitRewards.ts"
import { pairLoss } from "../Loss.ts"
import { minusLogSigmoid } from "../term/minusLogSigmoid.ts"
import { klCoefficient } from "../options.ts"

/**
 * Binary classifier optimization on pairs, without the shift δ: −log σ(r⁺) − log σ(−r⁻), r = β·(log π − log π₀).
 *
 * Source   Jung et al. (2024) with δ = 0; with δ: `bcoUnpaired`.
 * Shapes   result [pair].
 * Units    nats.
 */
export const bco = pairLoss({
  doc: "Binary classifier optimization: each response judged on its own",
  options: Schema.Struct({ klCoefficient: klCoefficient(0.1) }),
  rewardScale: (options) => options.klCoefficient,
  build: (op, terms, options) => {
    const { chosen, rejected } = implicitRewards(op, terms, options.klCoefficient)
    return op.Add(minusLogSigmoid(op, chosen), op.Softplus(rejected)) // −log σ(−z) = softplus(z)
  }
})
