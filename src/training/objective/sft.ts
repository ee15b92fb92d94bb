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
  feeds: (block) => ({
    select: { data: block.select, shape: [block.select.length] },
    targets: { data: block.targets, shape: [block.targets.length, 1] }
  }),
  weight: responseTokens,
  measure: () => ({})
}
