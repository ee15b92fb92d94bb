import { Schema } from "effect"
import { defaulted, LossWeight } from "../../../schemas/mod.ts"
import { logRatios } from "../term/logRatios.ts"
import { pairLoss } from "../Loss.ts"
import { klCoefficient } from "../options.ts"
import { scale } from "../term/scale.ts"
import { ofReference } from "./ofReference.ts"

/**
 * The optimism term of self-exploring language models: α·β·(log π(ã) − log π₀(ã)), ã drawn from the reference policy.
 *
 * Source   Zhang et al. (2024), to be mixed with `dpo` of the same β; log π₀(ã) is constant, as in its code.
 * Shapes   result [pair].
 * Units    nats; not bounded below.
 */
export const selm = pairLoss({
  doc: "Optimism of SELM: lowers the implicit reward of the reference policy's response; mix it with dpo",
  options: Schema.Struct({
    klCoefficient: klCoefficient(0.1),
    optimism: defaulted(LossWeight, 1e-3, "Weight of the term: α (no unit)")
  }),
  rewardScale: (options) => options.klCoefficient,
  build: (op, terms, options) =>
    scale(op, ofReference(op, logRatios(op, terms), terms.fromReference), options.optimism * options.klCoefficient)
})
