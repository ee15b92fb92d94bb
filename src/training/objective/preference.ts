import { dpo as loss } from "../../loss/mod.ts"
import { sumPerSequence } from "../../model/mod.ts"
import type { Encoded } from "./Encoded.ts"
import type { Objective } from "./Objective.ts"
import { pairMeasures } from "./pairMeasures.ts"

/** provisional: dpo only */
export const preference = (options: { readonly klCoefficient: number }): Objective => ({
  name: "dpo",
  reference: true,
  kind: "causal",
  predict: "learned",
  coupled: false,
  mismatched: false,
  firstLoss: Math.LN2,
  build: ({ op, output, batch }) => {
    const policy = {
      chosen: sumPerSequence(op, batch("memberChosen"), output),
      rejected: sumPerSequence(op, batch("memberRejected"), output)
    }
    const reference = { chosen: batch("referenceChosen"), rejected: batch("referenceRejected") }
    const total = op.ReduceSum(loss(op, policy, reference, options), { axes: [0], keepdims: 0 })
    return { loss: op.Mul(total, batch("sharePair")), reports: policy }
  },
  measure: (examples, { chosen = new Float32Array(), rejected = new Float32Array() }) => {
    const reward = (logps: Float32Array, which: 0 | 1) =>
      examples.map(({ reference }: Encoded, i) => options.klCoefficient * ((logps[i] ?? 0) - (reference[which] ?? 0)))
    const sum = (values: ArrayLike<number>) => Array.from(values).reduce((total, value) => total + value, 0)
    return {
      ...pairMeasures(reward(chosen, 0), reward(rejected, 1)),
      "logps/chosen": { sum: sum(chosen), count: examples.length },
      "logps/rejected": { sum: sum(rejected), count: examples.length }
    }
  }
})
