import { Schema } from "effect"
import { defaulted } from "../../../schemas/mod.ts"
import { divergence } from "../divergence.ts"
import { pairLoss } from "../Loss.ts"
import { minusLogSigmoid } from "../term/minusLogSigmoid.ts"
import { klCoefficient } from "../options.ts"
import { scale } from "../term/scale.ts"
import { scoreGap } from "../term/scoreGap.ts"

/** The largest exponent: e⁸⁰ stays finite in float32. */
const LARGEST_EXPONENT = 80

/**
 * Discovered preference optimization: a blend of the logistic and the exponential loss.
 *
 * Source   Lu et al. (2024), Eq. (5): −(1 − m)·log σ(z) + m·e^{−z}, m = σ(z/τ), z = β·(s⁺ − s⁻), τ = 0.05, β = 0.05.
 * Shapes   result [pair].
 * Units    nats.
 * Domain   τ > 0; the exponent of m·e^{−z} is held at 80, which only τ > 1 can reach.
 */
export const discopop = pairLoss({
  doc: "Discovered preference optimization: logistic for lost pairs, exponential for won ones",
  options: Schema.Struct({
    klCoefficient: klCoefficient(0.05),
    temperature: defaulted(
      Schema.Finite.check(Schema.isGreaterThan(0)),
      0.05,
      "How sharply the two losses are divided: τ (nats)"
    ),
    divergence
  }),
  rewardScale: (options) => options.klCoefficient,
  build: (op, terms, options) => {
    const z = scoreGap(op, terms, options)
    const sharp = scale(op, z, 1 / options.temperature)
    const logistic = op.Mul(op.Sigmoid(op.Neg(sharp)), minusLogSigmoid(op, z))
    const exponent = op.Neg(op.Add(z, minusLogSigmoid(op, sharp))) // log of m·e^{−z}, which never meets 0·∞
    return op.Add(logistic, op.Exp(op.Clip(exponent, undefined, op.scalar(LARGEST_EXPONENT, z))))
  }
})
