import { Schema } from "effect"
import { divergence } from "../divergence.ts"
import { pairLoss } from "../Loss.ts"
import { klCoefficient, labelSmoothing } from "../options.ts"
import { scoreGap } from "../term/scoreGap.ts"
import { smoothedLogistic } from "../term/smoothedLogistic.ts"

/**
 * Direct preference optimization: −(1 − ε)·log σ(z) − ε·log σ(−z), z = β·(s⁺ − s⁻), s = log π − log π₀.
 *
 * Source   Eq. (5); Rafailov et al. (2023), Eq. (7); ε: conservative DPO (Mitchell, 2023).
 * Shapes   result [pair].
 * Units    nats.
 */
export const dpo = pairLoss({
  doc: "Direct preference optimization, Eq. (5)",
  options: Schema.Struct({ klCoefficient: klCoefficient(0.1), labelSmoothing: labelSmoothing(0), divergence }),
  rewardScale: (options) => options.klCoefficient,
  build: (op, terms, options) => smoothedLogistic(op, scoreGap(op, terms, options), options.labelSmoothing)
})
