import type { Ops, Value } from "../graph/mod.ts"
import type { PairLogProbability } from "./Loss.ts"

/**
 * Direct preference optimization, one loss per pair.
 *
 * Source   Eq. (5): −log σ(η·[(log π(a⁺|x) − log π₀(a⁺|x)) − (log π(a⁻|x) − log π₀(a⁻|x))]); η is written β in the DPO paper.
 * Shapes   Every input [pair]; result [pair].
 * Units    Nats.
 * Domain   klCoefficient > 0.
 */
export const dpo = (
  op: Ops,
  policy: PairLogProbability,
  reference: PairLogProbability,
  options: { readonly klCoefficient: number }
): Value => {
  const policyGap = op.Sub(policy.chosen, policy.rejected)
  const referenceGap = op.Sub(reference.chosen, reference.rejected)
  const logits = op.Mul(op.Sub(policyGap, referenceGap), op.scalar(options.klCoefficient, policyGap))
  return op.Softplus(op.Neg(logits)) // −log σ(z) = softplus(−z)
}
