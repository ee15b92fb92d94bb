import { Schema } from "effect"
import { defaulted, LabelSmoothing } from "../../../schemas/mod.ts"
import { bernoulliKl } from "../term/bernoulliKl.ts"
import { divergence } from "../divergence.ts"
import { pairLoss } from "../Loss.ts"
import { klCoefficient } from "../options.ts"
import { scoreGap } from "../term/scoreGap.ts"

/**
 * Efficient exact optimization on pairs: KL from the policy's preference σ(z) to the smoothed label (1 − ε, ε).
 *
 * Source   Ji et al. (2024), Eq. (16): q⁺·log(q⁺/(1 − ε)) + q⁻·log(q⁻/ε), q⁺ = σ(z), q⁻ = σ(−z), z = β·(s⁺ − s⁻).
 * Shapes   result [pair].
 * Units    nats.
 * Domain   0 < ε ≤ ½.
 */
export const exo = pairLoss({
  doc: "Efficient exact optimization: the reverse KL to a smoothed label",
  options: Schema.Struct({
    klCoefficient: klCoefficient(0.1),
    labelSmoothing: defaulted(
      LabelSmoothing.check(Schema.isGreaterThan(0)),
      1e-3,
      "How often a label is wrong: ε (a probability above 0, up to ½)"
    ),
    divergence
  }),
  rewardScale: (options) => options.klCoefficient,
  build: (op, terms, options) => {
    const z = scoreGap(op, terms, options)
    return bernoulliKl(op, z, {
      log: op.scalar(Math.log1p(-options.labelSmoothing), z),
      logOfComplement: op.scalar(Math.log(options.labelSmoothing), z)
    })
  }
})
