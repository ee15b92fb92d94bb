import { dpo as loss } from "../../loss/mod.ts"
import { membership, responseLogProbability, sumPerSequence } from "../../model/mod.ts"
import { type Encoded, type Objective, pairRows } from "./Objective.ts"

const referenceOf = (examples: ReadonlyArray<Encoded>, which: 0 | 1) =>
  Float32Array.from(examples, (example) => example.reference[which] ?? Number.NaN)

/**
 * Direct preference optimization against a frozen reference.
 *
 * Source   Eq. (5).
 * Domain   klCoefficient > 0.
 */
export const dpo = (options: { readonly klCoefficient: number }): Objective => ({
  kind: "causal",
  reference: true,
  build: (op, model, parameterOf) => {
    const perToken = responseLogProbability(op, model, parameterOf)
    const sum = (name: string) => sumPerSequence(op, op.input(name, "float32", ["pairs", "selected"]), perToken)
    const policy = { chosen: sum("memberChosen"), rejected: sum("memberRejected") }
    const reference = {
      chosen: op.input("referenceChosen", "float32", ["pairs"]),
      rejected: op.input("referenceRejected", "float32", ["pairs"])
    }
    const total = op.ReduceSum(loss(op, policy, reference, options), { axes: [0], keepdims: 0 })
    return { loss: op.Mul(total, op.input("scale", "float32", [])), reports: policy }
  },
  feeds: (block, examples) => {
    const { chosen, rejected } = pairRows(examples.length)
    const member = (rows: ReadonlyArray<number>) => ({
      data: membership(block, rows),
      shape: [rows.length, block.select.length]
    })
    return {
      select: { data: block.select, shape: [block.select.length] },
      targets: { data: block.targets, shape: [block.targets.length, 1] },
      memberChosen: member(chosen),
      memberRejected: member(rejected),
      referenceChosen: { data: referenceOf(examples, 0), shape: [examples.length] },
      referenceRejected: { data: referenceOf(examples, 1), shape: [examples.length] }
    }
  },
  weight: () => 1,
  measure: (examples, reports) => {
    const sums = { chosen: 0, rejected: 0, accurate: 0, logpsChosen: 0, logpsRejected: 0 }
    examples.forEach((example, i) => {
      const policyChosen = reports["chosen"]?.[i] ?? Number.NaN
      const policyRejected = reports["rejected"]?.[i] ?? Number.NaN
      const rewardChosen = options.klCoefficient * (policyChosen - (example.reference[0] ?? Number.NaN))
      const rewardRejected = options.klCoefficient * (policyRejected - (example.reference[1] ?? Number.NaN))
      sums.chosen += rewardChosen
      sums.rejected += rewardRejected
      sums.accurate += rewardChosen > rewardRejected ? 1 : 0
      sums.logpsChosen += policyChosen
      sums.logpsRejected += policyRejected
    })
    return {
      "rewards/chosen": sums.chosen,
      "rewards/rejected": sums.rejected,
      "rewards/margins": sums.chosen - sums.rejected,
      "rewards/accuracies": sums.accurate,
      "logps/chosen": sums.logpsChosen,
      "logps/rejected": sums.logpsRejected
    }
  }
})
