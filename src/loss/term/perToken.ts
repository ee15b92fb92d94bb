import type { Ops } from "../../graph/mod.ts"
import type { Pair } from "../Loss.ts"

/** Numbers summed over the tokens of both responses, per token. */
export const perToken = (op: Ops, sums: Pair, length: Pair): Pair => ({
  chosen: op.Div(sums.chosen, length.chosen),
  rejected: op.Div(sums.rejected, length.rejected)
})
