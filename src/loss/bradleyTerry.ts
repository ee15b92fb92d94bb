import type { Ops, Value } from "../graph/mod.ts"

/**
 * Negative log-likelihood of a preference under the Bradley-Terry model, one loss per pair.
 *
 * Source   Eq. (4): −log σ(r(x, a⁺) − r(x, a⁻)).
 * Shapes   chosen, rejected: [pair]; result [pair].
 * Units    Rewards are unitless; loss in nats.
 */
export const bradleyTerry = (op: Ops, chosen: Value, rejected: Value): Value => op.Softplus(op.Sub(rejected, chosen)) // −log σ(z) = softplus(−z)
