import { Schema } from "effect"
import { divergence } from "../divergence.ts"
import { pairLoss } from "../Loss.ts"
import { klCoefficient } from "../options.ts"
import { scoreGap } from "../term/scoreGap.ts"

/**
 * Hinge loss of the implied log-odds: max(0, 1 − β·(s⁺ − s⁻)).
 *
 * Source   SLiC-HF (Zhao et al., 2023), on log-ratios as in RSO (Liu et al., 2024).
 * Shapes   result [pair].
 * Units    none; 1/β is the margin in nats.
 */
export const hinge = pairLoss({
  doc: "Hinge loss of SLiC on log-ratios",
  options: Schema.Struct({ klCoefficient: klCoefficient(0.1), divergence }),
  rewardScale: (options) => options.klCoefficient,
  build: (op, terms, options) => {
    const z = scoreGap(op, terms, options)
    return op.Relu(op.Sub(op.scalar(1, z), z))
  }
})
