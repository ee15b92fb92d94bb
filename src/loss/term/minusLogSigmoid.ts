import type { Ops, Value } from "../../graph/mod.ts"

/** −log σ(z), finite for every finite z. Units: z in nats; result in nats. */
export const minusLogSigmoid = (op: Ops, z: Value): Value => op.Softplus(op.Neg(z)) // −log σ(z) = softplus(−z)
