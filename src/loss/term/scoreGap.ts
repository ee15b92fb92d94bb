import type { Ops, Value } from "../../graph/mod.ts"
import { type Divergence, scores } from "../divergence.ts"
import type { PairTerms } from "../Loss.ts"
import { scale } from "./scale.ts"

/**
 * z = β·(s⁺ − s⁻): the log-odds that the policy implies for the chosen response.
 *
 * Shapes   result [pair].
 * Units    nats.
 */
export const scoreGap = (
  op: Ops,
  terms: PairTerms,
  options: { readonly klCoefficient: number; readonly divergence: Divergence }
): Value => {
  const { chosen, rejected } = scores(op, terms, options.divergence)
  return scale(op, op.Sub(chosen, rejected), options.klCoefficient)
}
