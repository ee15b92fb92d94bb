import { Schema } from "effect"
import { defaulted } from "../../schemas/mod.ts"
import type { Ops, Value } from "../graph/mod.ts"
import { logRatios } from "./term/logRatios.ts"
import type { Pair, PairTerms } from "./Loss.ts"
import { minusLogSigmoid } from "./term/minusLogSigmoid.ts"
import { scale } from "./term/scale.ts"

/** The largest exponent: e⁸⁰ and its multiples stay finite in float32. */
const LARGEST_EXPONENT = 80

/** The largest exponent where the score is squared: e⁴⁰ stays finite in float32 after it. */
export const LARGEST_EXPONENT_SQUARED = 40

/** So near to 1 the score is its limit, the log-ratio. */
const NEAR_ONE = 1e-6

/** Which f-divergence holds the policy near the reference. */
export const Divergence = Schema.Union([
  Schema.Literals(["reverseKl", "forwardKl", "js"]),
  Schema.Struct({
    alpha: Schema.Finite.annotate({ description: "α of the α-divergence: 0 is forwardKl, 1 is reverseKl (no unit)" })
  })
])
export type Divergence = typeof Divergence.Type

/** The key of a divergence. */
export const divergence = defaulted(
  Divergence,
  "reverseKl",
  "What holds the policy near the reference: an f-divergence"
)

/** (e^{(α−1)ρ} − 1) / (α − 1), and ρ at α = 1. */
const power = (op: Ops, rho: Value, alpha: number, largest: number): Value => {
  const order = alpha - 1
  if (Math.abs(order) < NEAR_ONE) return rho
  const exponent = op.Clip(scale(op, rho, order), undefined, op.scalar(largest, rho))
  return scale(op, op.Sub(op.Exp(exponent), op.scalar(1, rho)), 1 / order)
}

/**
 * f′(u) of a divergence at u = π/π₀, as a function of ρ = log u; 0 where the policy is the reference.
 *
 * Source   f-DPO (Wang et al., 2024), shifted so that f′(1) = 0: reverseKl ρ; forwardKl 1 − e^{−ρ};
 *          js log 2 + log σ(ρ); alpha (e^{(α−1)ρ} − 1)/(α − 1).
 * Units    nats.
 * Domain   exponents are held at `largest`, where the slope becomes 0.
 */
export const score = (op: Ops, rho: Value, which: Divergence, largest = LARGEST_EXPONENT): Value => {
  if (which === "reverseKl") return rho
  if (which === "js") return op.Sub(op.scalar(Math.LN2, rho), minusLogSigmoid(op, rho))
  return power(op, rho, which === "forwardKl" ? 0 : which.alpha, largest)
}

/** The scores of both responses. */
export const scores = (op: Ops, terms: PairTerms, which: Divergence, largest?: number): Pair => {
  const { chosen, rejected } = logRatios(op, terms)
  return { chosen: score(op, chosen, which, largest), rejected: score(op, rejected, which, largest) }
}
