import { bradleyTerry as loss } from "../../loss/mod.ts"
import type { Objective } from "./Objective.ts"
import { pairMeasures } from "./pairMeasures.ts"

/**
 * Reward modelling: the Bradley-Terry likelihood of the preferred response.
 *
 * Source   Eq. (4).
 */
export const bradleyTerry: Objective = {
  name: "bradleyTerry",
  reference: false,
  kind: "reward",
  predict: "learned",
  coupled: false,
  mismatched: false,
  build: ({ op, output, batch }) => {
    const side = (i: number) => op.Squeeze(op.Slice(output, { starts: [i], ends: [i + 1], axes: [1] }), [1])
    const [chosen, rejected] = [side(0), side(1)]
    const total = op.ReduceSum(loss(op, chosen, rejected), { axes: [0], keepdims: 0 })
    return { loss: op.Mul(total, batch("sharePair")), reports: { chosen, rejected } }
  },
  measure: (_, reports) => pairMeasures(reports["chosen"] ?? [], reports["rejected"] ?? [])
}
