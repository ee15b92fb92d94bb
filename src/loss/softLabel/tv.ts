import { Schema } from "effect"
import { divergence } from "../divergence.ts"
import { pairLoss } from "../Loss.ts"
import { klCoefficient } from "../options.ts"
import { scoreGap } from "../term/scoreGap.ts"

/**
 * Total variation between the policy's preference and the oracle's: |σ(z) − σ(m)|, z = β·(s⁺ − s⁻), m the margin.
 *
 * Source   `tv` of the first public code of the recipe.
 * Shapes   result [pair].
 * Units    none, from 0 to 1.
 */
export const tv = pairLoss({
  doc: "Total variation between the policy's preference and the oracle's",
  options: Schema.Struct({ klCoefficient: klCoefficient(0.1), divergence }),
  rewardScale: (options) => options.klCoefficient,
  build: (op, terms, options) => op.Abs(op.Sub(op.Sigmoid(scoreGap(op, terms, options)), op.Sigmoid(terms.margin)))
})
