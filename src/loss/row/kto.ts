import { Schema } from "effect"
import { defaulted, LossWeight } from "../../../schemas/mod.ts"
import { rowLoss } from "../Loss.ts"
import { klCoefficient } from "../options.ts"
import { scale } from "../term/scale.ts"
import { towards } from "./towards.ts"

/**
 * Kahneman-Tversky optimization: 1 − σ(±β·(ρ − KL)), plus for a desirable response, minus for another, ρ = log π − log π₀.
 *
 * Source   Ethayarajh et al. (2024), Eq. (7); KL = max(0, mean ρ of the batch's responses under other prompts).
 * Shapes   result [row].
 * Units    none, from 0 to the weight.
 * Domain   at least two rows, so that a prompt has another row's response; KL is over a micro-batch.
 */
export const kto = rowLoss({
  doc: "Kahneman-Tversky optimization on single judged responses",
  coupled: true,
  options: Schema.Struct({
    klCoefficient: klCoefficient(0.1),
    desirableWeight: defaulted(LossWeight, 1, "Weight of desirable responses: λ_D (no unit)"),
    undesirableWeight: defaulted(LossWeight, 1, "Weight of undesirable responses: λ_U (no unit)")
  }),
  rewardScale: (options) => options.klCoefficient,
  build: (op, { policy, reference, desirable, mismatched }, options) => {
    const divergence = op.Relu(
      op.ReduceMean(op.Sub(mismatched.policy, mismatched.reference), { axes: [0], keepdims: 0 })
    )
    const reward = scale(op, op.Sub(op.Sub(policy, reference), divergence), options.klCoefficient)
    const loss = op.Sigmoid(op.Neg(towards(op, reward, desirable))) // 1 − σ(z) = σ(−z)
    const { desirableWeight, undesirableWeight } = options
    const weight = op.Add(
      scale(op, desirable, desirableWeight - undesirableWeight),
      op.scalar(undesirableWeight, desirable)
    )
    return op.Mul(weight, loss)
  }
})
