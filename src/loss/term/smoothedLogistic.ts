import type { Ops, Value } from "../../graph/mod.ts"
import { minusLogSigmoid } from "./minusLogSigmoid.ts"
import { scale } from "./scale.ts"

/**
 * Cross-entropy of a preference that is right with probability 1 − ε: −(1 − ε)·log σ(z) − ε·log σ(−z).
 *
 * Source   Conservative DPO (Mitchell, 2023).
 * Units    z in nats; result in nats.
 */
export const smoothedLogistic = (op: Ops, z: Value, labelSmoothing: number): Value => {
  const trusting = minusLogSigmoid(op, z)
  // −log σ(−z) = z − log σ(z)
  return labelSmoothing === 0 ? trusting : op.Add(trusting, scale(op, z, labelSmoothing))
}
