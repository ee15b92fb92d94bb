import { negativeLogLikelihood } from "../../loss/mod.ts"
import { responseLogProbability } from "../../model/mod.ts"
import type { Encoded, Objective } from "./Objective.ts"

const responseTokens = ({ sequences }: Encoded): number =>
  sequences.reduce((sum, { ids, promptLength }) => sum + ids.length - promptLength, 0)

/**
 * Supervised fine-tuning: the mean negative log-likelihood of a response token.
 *
 * Source   Section 3.1.
 */
export const sft: Objective = {
  kind: "causal",
  reference: false,
  build: (op, model, parameterOf) => {
    const perToken = negativeLogLikelihood(op, responseLogProbability(op, model, parameterOf))
    const scale = op.input("scale", "float32", [])
    return { loss: op.Mul(op.ReduceSum(perToken, { axes: [0, 1], keepdims: 0 }), scale), reports: {} }
  },
  feeds: (layout) => ({
    select: { data: layout.select, shape: [layout.select.length] },
    targets: { data: layout.targets, shape: [layout.targets.length, 1] }
  }),
  weight: responseTokens,
  measure: () => ({})
}
