import { Schema } from "effect"
import { implicitRewards } from "../term/implicitRewards.ts"
import { pairLoss } from "../Loss.ts"
import { klCoefficient } from "../options.ts"

/**
 * Anchored preference optimization, zero: chosen responses rise and rejected ones fall: 1 − σ(r⁺) + σ(r⁻).
 *
 * Source   D'Oosterlinck et al. (2024), Eq. (7), r = β·(log π − log π₀). For chosen responses better than the policy's own.
 * Shapes   result [pair].
 * Units    none, from 0 to 2.
 */
export const apoZero = pairLoss({
  doc: "Anchored preference optimization for chosen responses better than the policy's own",
  options: Schema.Struct({ klCoefficient: klCoefficient(0.1) }),
  rewardScale: (options) => options.klCoefficient,
  build: (op, terms, options) => {
    const { chosen, rejected } = implicitRewards(op, terms, options.klCoefficient)
    return op.Add(op.Sigmoid(op.Neg(chosen)), op.Sigmoid(rejected)) // 1 − σ(z) = σ(−z)
  }
})
