import { Schema } from "effect"
import type { Value } from "../../graph/mod.ts"
import { losses, type Pair, type PairTerms } from "../../loss/mod.ts"
import { membership, responseLogProbability, sumPerSequence } from "../../model/mod.ts"
import { type Encoded, type Objective, pairRows } from "./Objective.ts"

const referenceOf = (examples: ReadonlyArray<Encoded>, which: 0 | 1) =>
  Float32Array.from(examples, (example) => example.reference[which] ?? Number.NaN)

/** The terms of a pair loss: what is not of the policy becomes an input when it is read. */
const termsOf = (policy: Pair, number: (name: string) => Value): PairTerms => {
  const pair = (name: string): Pair => ({ chosen: number(`${name}Chosen`), rejected: number(`${name}Rejected`) })
  return {
    policy,
    get reference() {
      return pair("reference")
    },
    get length() {
      return pair("length")
    },
    get margin() {
      return number("margin")
    },
    get whole() {
      return pair("whole")
    },
    get wholeLength() {
      return pair("wholeLength")
    },
    get fromReference() {
      return number("fromReference")
    }
  }
}

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
    const number = (name: string) => op.input(name, "float32", ["pairs"])
    const policy = { chosen: sum("memberChosen"), rejected: sum("memberRejected") }
    const terms = termsOf(policy, number)
    const loss = losses.dpo.build(op, terms, Schema.decodeSync(losses.dpo.options)(options))
    const total = op.ReduceSum(loss, { axes: [0], keepdims: 0 })
    return { loss: op.Mul(total, op.input("scale", "float32", [])), reports: policy }
  },
  feeds: (layout, examples) => {
    const { chosen, rejected } = pairRows(examples.length)
    const member = (rows: ReadonlyArray<number>) => ({
      data: membership(layout, rows),
      shape: [rows.length, layout.select.length]
    })
    return {
      select: { data: layout.select, shape: [layout.select.length] },
      targets: { data: layout.targets, shape: [layout.targets.length, 1] },
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
