import { Schema } from "effect"
import { defaulted, LossWeight } from "../../../schemas/mod.ts"
import { rewardLoss } from "../Loss.ts"
import { minusLogSigmoid } from "../term/minusLogSigmoid.ts"
import { scale } from "../term/scale.ts"

/**
 * Negative log-likelihood of a preference under the Bradley-Terry model: −log σ(r⁺ − r⁻ − m) + c·(r⁺ + r⁻)².
 *
 * Source   Eq. (4); margin m: Llama 2 (Touvron et al., 2023); centring c: Eisenstein et al. (2023), who use 0.01.
 * Shapes   result [pair].
 * Units    rewards are unitless; loss in nats.
 */
export const bradleyTerry = rewardLoss({
  doc: "Bradley-Terry likelihood of the preferred response, Eq. (4)",
  options: Schema.Struct({
    margin: defaulted(
      Schema.Literals(["ignore", "subtract"]),
      "ignore",
      "Whether the margin of the data is taken from the gap of rewards"
    ),
    centering: defaulted(LossWeight, 0, "Weight of (r⁺ + r⁻)², which holds rewards around zero (1/reward²)")
  }),
  rewardScale: () => 1,
  build: (op, terms, options) => {
    const { chosen, rejected } = terms
    const gap = op.Sub(chosen, rejected)
    const loss = minusLogSigmoid(op, options.margin === "subtract" ? op.Sub(gap, terms.margin) : gap)
    if (options.centering === 0) return loss
    const sum = op.Add(chosen, rejected)
    return op.Add(loss, scale(op, op.Mul(sum, sum), options.centering))
  }
})
