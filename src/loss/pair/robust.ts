import { Schema } from "effect"
import { defaulted, LabelSmoothing } from "../../../schemas/mod.ts"
import { divergence } from "../divergence.ts"
import { pairLoss } from "../Loss.ts"
import { minusLogSigmoid } from "../term/minusLogSigmoid.ts"
import { klCoefficient } from "../options.ts"
import { scale } from "../term/scale.ts"
import { scoreGap } from "../term/scoreGap.ts"

/**
 * Robust DPO: its mean over labels flipped with probability ε is the DPO loss of the true labels.
 *
 * Source   Ray Chowdhury et al. (2024): [−(1 − ε)·log σ(z) + ε·log σ(−z)] / (1 − 2ε), z = β·(s⁺ − s⁻).
 * Shapes   result [pair].
 * Units    nats; not bounded below.
 * Domain   0 ≤ ε < ½.
 */
export const robust = pairLoss({
  doc: "DPO that is unbiased when labels are flipped with a known probability",
  options: Schema.Struct({
    klCoefficient: klCoefficient(0.1),
    labelSmoothing: defaulted(
      LabelSmoothing.check(Schema.isLessThan(0.5)),
      0.1,
      "How often a label is flipped: ε (a probability below ½)"
    ),
    divergence
  }),
  rewardScale: (options) => options.klCoefficient,
  build: (op, terms, options) => {
    const z = scoreGap(op, terms, options)
    const { labelSmoothing: flipped } = options
    // log σ(−z) = log σ(z) − z, so that (1 − 2ε)·(−log σ(z)) − ε·z is what is divided
    return op.Sub(minusLogSigmoid(op, z), scale(op, z, flipped / (1 - 2 * flipped)))
  }
})
