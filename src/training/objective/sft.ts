import { lossGraph } from "./lossGraph.ts"
import type { Objective } from "./Objective.ts"

/**
 * Supervised fine-tuning: the mean negative log-likelihood of a learned token.
 *
 * Source   Section 3.1.
 */
export const sft = (): Objective => ({
  name: "sft",
  kind: "causal",
  on: "demonstrations",
  loss: lossGraph("causal", ({ op, said, batch }) => {
    const total = op.Neg(op.ReduceSum(said, { axes: [0, 1], keepdims: 0 }))
    return { loss: op.Mul(total, batch("shareToken")), reports: {} }
  }),
  reference: false,
  mismatched: false,
  predict: "learned",
  coupled: false,
  measure: () => ({})
})
