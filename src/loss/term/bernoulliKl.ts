import type { Ops, Value } from "../../graph/mod.ts"
import { minusLogSigmoid } from "./minusLogSigmoid.ts"

/**
 * KL(σ(z) ‖ q) between two coins: p·(log p − log q) + (1 − p)·(log(1 − p) − log(1 − q)) with p = σ(z).
 *
 * Shapes   z, log, logOfComplement: broadcast together.
 * Units    nats.
 * Domain   finite where log q and log(1 − q) are.
 */
export const bernoulliKl = (op: Ops, z: Value, q: { readonly log: Value; readonly logOfComplement: Value }): Value => {
  const opposite = op.Neg(z)
  const win = op.Mul(op.Sigmoid(z), op.Add(minusLogSigmoid(op, z), q.log))
  const lose = op.Mul(op.Sigmoid(opposite), op.Add(minusLogSigmoid(op, opposite), q.logOfComplement))
  return op.Neg(op.Add(win, lose))
}
