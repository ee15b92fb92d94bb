import type { Ops, Value } from "../../graph/mod.ts"
import type { Pair } from "../Loss.ts"

/** Of each pair, the number of the response that the reference policy gave. Shapes: fromReference and result [pair]. */
export const ofReference = (op: Ops, { chosen, rejected }: Pair, fromReference: Value): Value => {
  const fromPolicy = op.Sub(op.scalar(1, fromReference), fromReference)
  return op.Add(op.Mul(fromReference, chosen), op.Mul(fromPolicy, rejected))
}
