import { Schema } from "effect"
import { defaulted, LossWeight } from "../../../schemas/mod.ts"
import type { Ops, Value } from "../../graph/mod.ts"
import { logRatios } from "../term/logRatios.ts"
import { pairLoss, type PairTerms } from "../Loss.ts"
import { klCoefficient } from "../options.ts"
import { scale } from "../term/scale.ts"

/** The log-ratio of the calibration response, or the mean of both. */
const calibrated = (op: Ops, terms: PairTerms, on: "chosen" | "rejected" | "both"): Value => {
  if (on !== "both") return op.Sub(terms.policy[on], terms.reference[on])
  const { chosen, rejected } = logRatios(op, terms)
  return scale(op, op.Add(chosen, rejected), 0.5)
}

/**
 * The value term of value-incentivized preference optimization: ±α·β·(log π(a) − log π₀(a)), a from the calibration policy.
 *
 * Source   Cen et al. (2024): the loss of the reward less ±α times the value it promises, which is −β·E[log π/π₀] under the
 *          calibration policy. Plus is optimism, for online data; minus is pessimism, for offline data. To be mixed with
 *          `dpo` of the same β.
 * Shapes   result [pair].
 * Units    nats; not bounded below.
 */
export const vpo = pairLoss({
  doc: "Value term of VPO: optimism online, pessimism offline; mix it with dpo",
  options: Schema.Struct({
    klCoefficient: klCoefficient(0.1),
    incentive: defaulted(LossWeight, 0.01, "Weight of the term: α (no unit)"),
    under: defaulted(Schema.Literals(["optimism", "pessimism"]), "optimism", "How uncertainty is met: the sign"),
    calibration: defaulted(
      Schema.Literals(["chosen", "rejected", "both"]),
      "both",
      "Which responses of a pair stand for the calibration policy"
    )
  }),
  rewardScale: (options) => options.klCoefficient,
  build: (op, terms, options) => {
    const sign = options.under === "optimism" ? 1 : -1
    const ratio = calibrated(op, terms, options.calibration)
    return scale(op, ratio, sign * options.incentive * options.klCoefficient)
  }
})
