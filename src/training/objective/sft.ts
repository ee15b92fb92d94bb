import type { Objective } from "./Objective.ts"

/**
 * Supervised fine-tuning: the mean negative log-likelihood of a learned token.
 *
 * Source   Section 3.1.
 */
export const sft: Objective = {
  name: "sft",
  reference: false,
  kind: "causal",
  predict: "learned",
  coupled: false,
  mismatched: false,
  build: ({ op, output, batch }) => {
    const total = op.Neg(op.ReduceSum(output, { axes: [0, 1], keepdims: 0 }))
    return { loss: op.Mul(total, batch("shareToken")), reports: {} }
  },
  measure: () => ({})
}
