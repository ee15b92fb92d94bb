import { Schema } from "effect"
import { rowLoss } from "../Loss.ts"
import { klCoefficient } from "../options.ts"
import { scale } from "../term/scale.ts"
import { towards } from "./towards.ts"

/**
 * Anchored preference optimization, zero, on single responses: 1 − σ(r) for a desirable one, σ(r) for another.
 *
 * Source   D'Oosterlinck et al. (2024), Eq. (7) term by term, r = β·(log π − log π₀).
 * Shapes   result [row].
 * Units    none, from 0 to 1.
 */
export const apoZeroUnpaired = rowLoss({
  doc: "Anchored preference optimization on single judged responses",
  options: Schema.Struct({ klCoefficient: klCoefficient(0.1) }),
  rewardScale: (options) => options.klCoefficient,
  build: (op, { policy, reference, desirable }, options) => {
    const reward = scale(op, op.Sub(policy, reference), options.klCoefficient)
    return op.Sigmoid(op.Neg(towards(op, reward, desirable))) // 1 − σ(z) = σ(−z)
  }
})
