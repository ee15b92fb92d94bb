import { Schema } from "effect"
import type { Ops, Value } from "../../graph/mod.ts"
import { divergence } from "../divergence.ts"
import { pairLoss } from "../Loss.ts"
import { klCoefficient } from "../options.ts"
import { scale } from "../term/scale.ts"
import { scoreGap } from "../term/scoreGap.ts"

/** √σ(−z), whose slope is finite everywhere. */
const rootOfComplement = (op: Ops, z: Value): Value => op.Exp(scale(op, op.Softplus(z), -0.5))

/**
 * Squared Hellinger distance of the policy's preference and the oracle's.
 *
 * Source   `hellinger` of the first public code of the recipe: ½·[(√p − √q)² + (√(1−p) − √(1−q))²], p = σ(z), q = σ(m),
 *          z = β·(s⁺ − s⁻), m the margin; there p is held below 0.999.
 * Shapes   result [pair].
 * Units    none, from 0 to 1.
 */
export const hellinger = pairLoss({
  doc: "Squared Hellinger distance between the policy's preference and the oracle's",
  options: Schema.Struct({ klCoefficient: klCoefficient(0.1), divergence }),
  rewardScale: (options) => options.klCoefficient,
  build: (op, terms, options) => {
    const z = scoreGap(op, terms, options)
    const squared = (a: Value, b: Value) => {
      const distance = op.Sub(rootOfComplement(op, a), rootOfComplement(op, b))
      return op.Mul(distance, distance)
    }
    return scale(op, op.Add(squared(op.Neg(z), op.Neg(terms.margin)), squared(z, terms.margin)), 0.5)
  }
})
