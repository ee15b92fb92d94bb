import type { Ops } from "../../graph/mod.ts"
import { logRatios } from "./logRatios.ts"
import type { Pair, PairTerms } from "../Loss.ts"
import { scale } from "./scale.ts"

/** β·ρ of both responses: the implicit rewards. Units: nats. */
export const implicitRewards = (op: Ops, terms: PairTerms, klCoefficient: number): Pair => {
  const { chosen, rejected } = logRatios(op, terms)
  return { chosen: scale(op, chosen, klCoefficient), rejected: scale(op, rejected, klCoefficient) }
}
