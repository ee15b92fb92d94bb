import { Schema } from "effect"
import { divergence } from "../divergence.ts"
import { pairLoss } from "../Loss.ts"
import { minusLogSigmoid } from "../term/minusLogSigmoid.ts"
import { klCoefficient } from "../options.ts"
import { scoreGap } from "../term/scoreGap.ts"

/**
 * DPO with the oracle's probability as label: −σ(m)·log σ(z) − (1 − σ(m))·log σ(−z), z = β·(s⁺ − s⁻), m the margin.
 *
 * Source   `rev_kl` of the first public code of the recipe: the loss behind the paper's numbers.
 * Shapes   result [pair].
 * Units    nats.
 */
export const revKl = pairLoss({
  doc: "DPO with soft labels: the oracle's probability that chosen is better, from its margin",
  options: Schema.Struct({ klCoefficient: klCoefficient(0.1), divergence }),
  rewardScale: (options) => options.klCoefficient,
  build: (op, terms, options) => {
    const z = scoreGap(op, terms, options)
    const wrong = op.Sigmoid(op.Neg(terms.margin))
    return op.Add(minusLogSigmoid(op, z), op.Mul(wrong, z)) // −log σ(−z) = z − log σ(z)
  }
})
