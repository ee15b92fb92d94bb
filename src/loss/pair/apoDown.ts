import { Schema } from "effect"
import { implicitRewards } from "../term/implicitRewards.ts"
import { pairLoss } from "../Loss.ts"
import { klCoefficient } from "../options.ts"

/**
 * Anchored preference optimization, down: both responses fall, rejected ones further: σ(r⁺) + 1 − σ(r⁺ − r⁻).
 *
 * Source   D'Oosterlinck et al. (2024), Eq. (8), r = β·(log π − log π₀). For chosen responses worse than the policy's own.
 * Shapes   result [pair].
 * Units    none, from 0 to 2.
 */
export const apoDown = pairLoss({
  doc: "Anchored preference optimization for chosen responses worse than the policy's own",
  options: Schema.Struct({ klCoefficient: klCoefficient(0.1) }),
  rewardScale: (options) => options.klCoefficient,
  build: (op, terms, options) => {
    const { chosen, rejected } = implicitRewards(op, terms, options.klCoefficient)
    return op.Add(op.Sigmoid(chosen), op.Sigmoid(op.Sub(rejected, chosen))) // 1 − σ(z) = σ(−z)
  }
})
