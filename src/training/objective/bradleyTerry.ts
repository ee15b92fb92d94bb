import { Schema } from "effect"
import { losses } from "../../loss/mod.ts"
import { rewardHead, selectedHidden } from "../../model/mod.ts"
import { type Objective, pairRows } from "./Objective.ts"

/**
 * Reward modelling: the Bradley-Terry likelihood of the preferred response.
 *
 * Source   Eq. (4).
 */
export const bradleyTerry: Objective = {
  kind: "reward",
  reference: false,
  build: (op, model, parameterOf) => {
    const hidden = selectedHidden(op, model, parameterOf, op.input("last", "int64", ["rows"]))
    const rewards = op.Squeeze(rewardHead(op, parameterOf, hidden), [1])
    const chosen = op.Gather(rewards, op.input("chosenRows", "int64", ["pairs"]), { axis: 0 })
    const rejected = op.Gather(rewards, op.input("rejectedRows", "int64", ["pairs"]), { axis: 0 })
    const scale = op.input("scale", "float32", [])
    const terms = {
      chosen,
      rejected,
      get margin() {
        return op.input("margin", "float32", ["pairs"])
      }
    }
    const loss = losses.bradleyTerry.build(op, terms, Schema.decodeSync(losses.bradleyTerry.options)({}))
    const total = op.ReduceSum(loss, { axes: [0], keepdims: 0 })
    return { loss: op.Mul(total, scale), reports: { chosen, rejected } }
  },
  feeds: (layout, examples) => {
    const { chosen, rejected } = pairRows(examples.length)
    return {
      last: { data: layout.last, shape: [layout.rows] },
      chosenRows: { data: BigInt64Array.from(chosen, BigInt), shape: [chosen.length] },
      rejectedRows: { data: BigInt64Array.from(rejected, BigInt), shape: [rejected.length] }
    }
  },
  weight: () => 1,
  measure: (examples, reports) => {
    const sums = { chosen: 0, rejected: 0, accurate: 0 }
    examples.forEach((_, i) => {
      const chosen = reports["chosen"]?.[i] ?? Number.NaN
      const rejected = reports["rejected"]?.[i] ?? Number.NaN
      sums.chosen += chosen
      sums.rejected += rejected
      sums.accurate += chosen > rejected ? 1 : 0
    })
    return {
      "rewards/chosen": sums.chosen,
      "rewards/rejected": sums.rejected,
      "rewards/margins": sums.chosen - sums.rejected,
      "rewards/accuracies": sums.accurate
    }
  }
}
