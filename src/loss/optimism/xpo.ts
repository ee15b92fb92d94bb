import { Schema } from "effect"
import { defaulted, LossWeight } from "../../../schemas/mod.ts"
import { pairLoss } from "../Loss.ts"
import { scale } from "../term/scale.ts"
import { ofReference } from "./ofReference.ts"

/**
 * The optimism term of exploratory preference optimization: α·log π(ã), ã the response drawn from the reference policy.
 *
 * Source   Xie et al. (2024), Algorithm 1, to be mixed with `dpo`; α = 1e-5 as in TRL.
 * Shapes   result [pair].
 * Units    nats; not bounded below.
 */
export const xpo = pairLoss({
  doc: "Optimism of XPO: makes the reference policy's response less likely; mix it with dpo",
  options: Schema.Struct({ optimism: defaulted(LossWeight, 1e-5, "Weight of the term: α (no unit)") }),
  rewardScale: () => 1,
  build: (op, { policy, fromReference }, options) => scale(op, ofReference(op, policy, fromReference), options.optimism)
})
