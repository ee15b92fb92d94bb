import { sumPerSequence } from "../../model/mod.ts"
import { lossGraph } from "./lossGraph.ts"
import { letterMeasures } from "./measures.ts"
import type { Objective } from "./Objective.ts"

/**
 * The pairwise preference model: the mean negative log-likelihood of the letter that names the better response.
 *
 * Source   Section 2.1: next-token prediction, A or B; one epoch in packed blocks of 3072 tokens, batch 128, learning rate
 *          5e-6, cosine, warm-up ratio 0.03.
 * Units    Nats over the whole vocabulary. A pair's accuracy is 1 where the right letter is likelier than the other one.
 */
export const preferenceModel = (): Objective => ({
  name: "preferenceModel",
  on: "pairs",
  kind: "causal",
  loss: lossGraph("causal", ({ op, said, batch }) => {
    const right = sumPerSequence(op, batch("memberChosen"), said)
    const wrong = sumPerSequence(op, batch("memberAlternative"), said)
    const total = op.Neg(op.ReduceSum(right, { axes: [0], keepdims: 0 }))
    return { loss: op.Mul(total, batch("sharePair")), reports: { right, wrong } }
  }),
  reference: false,
  mismatched: false,
  asks: "letter",
  predict: "learned",
  coupled: false,
  measure: (_, { right = new Float32Array(), wrong = new Float32Array() }) => letterMeasures(right, wrong)
})
