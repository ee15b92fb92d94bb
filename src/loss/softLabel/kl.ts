import { Schema } from "effect"
import { bernoulliKl } from "../term/bernoulliKl.ts"
import { divergence } from "../divergence.ts"
import { pairLoss } from "../Loss.ts"
import { minusLogSigmoid } from "../term/minusLogSigmoid.ts"
import { klCoefficient } from "../options.ts"
import { scoreGap } from "../term/scoreGap.ts"

/**
 * KL from the policy's preference σ(z) to the oracle's σ(m), z = β·(s⁺ − s⁻), m the margin.
 *
 * Source   `kl` of the first public code of the recipe, which holds σ(z) below 0.999 and adds 0.001 to the divisor of
 *          σ(m) to stay finite; here logarithms are computed from z and m and need neither.
 * Shapes   result [pair].
 * Units    nats.
 */
export const kl = pairLoss({
  doc: "KL divergence from the policy's preference to the oracle's",
  options: Schema.Struct({ klCoefficient: klCoefficient(0.1), divergence }),
  rewardScale: (options) => options.klCoefficient,
  build: (op, terms, options) =>
    bernoulliKl(op, scoreGap(op, terms, options), {
      log: op.Neg(minusLogSigmoid(op, terms.margin)),
      logOfComplement: op.Neg(op.Softplus(terms.margin)) // log σ(−m) = −softplus(m)
    })
})
