import type { Ops } from "../../graph/mod.ts"
import type { Pair, PairTerms } from "../Loss.ts"

/** ρ = log π − log π₀ of both responses. Units: nats. */
export const logRatios = (op: Ops, { policy, reference }: Pick<PairTerms, "policy" | "reference">): Pair => ({
  chosen: op.Sub(policy.chosen, reference.chosen),
  rejected: op.Sub(policy.rejected, reference.rejected)
})
