import type { Ops, Value } from "../../graph/mod.ts"
import { lengthDesensitized, type Mixture, type Per, wpoWeight } from "../../loss/mod.ts"
import type { BatchInputName } from "./batchInputs.ts"
import { lossGraph } from "./lossGraph.ts"
import { pairMeasures, policyMeasures, rowMeasures } from "./measures.ts"
import type { Objective } from "./Objective.ts"
import type { Built, Readings } from "./Readings.ts"
import { pairTerms, rewardTerms, rowTerms } from "./terms.ts"

/** What changes sums and weights of a loss, whichever it is. */
export interface Modifiers {
  /** LD-DPO: what response tokens beyond the length of the shorter response count. Domain: 0 ≤ α ≤ 1. */
  readonly lengthDesensitized?: number
  /** WPO: pairs count as much as they are likely under the policy. */
  readonly weighting?: "wpo"
}

const shares = { pair: "sharePair", row: "shareRow", chosenToken: "shareChosenToken" } as const satisfies Record<
  Per,
  BatchInputName
>

interface PartOf {
  readonly weight: number
  readonly per: Per
  readonly vector: Value
}

/** Σ over parts of weight · (mean of the part's vector over the whole batch). */
const mixed = ({ op, batch }: Readings, parts: ReadonlyArray<PartOf>): Value =>
  parts
    .map(({ weight, per, vector }) => {
      const mean = op.Mul(op.ReduceSum(vector, { axes: [0], keepdims: 0 }), batch(shares[per]))
      return weight === 1 ? mean : op.Mul(mean, op.scalar(weight))
    })
    .reduce((a, b) => op.Add(a, b))

const weighed = (read: Readings): ((op: Ops, vector: Value) => Value) => {
  const { batch, detached, logSquares } = read
  return (op, vector) =>
    op.Mul(
      vector,
      wpoWeight(op, {
        logProbability: detached(),
        logSquares: logSquares(),
        members: { chosen: batch("memberChosen"), rejected: batch("memberRejected") },
        length: { chosen: batch("lengthChosen"), rejected: batch("lengthRejected") }
      })
    )
}

const build =
  (mixture: Mixture, { weighting }: Modifiers) =>
  (read: Readings): Built => {
    const { op } = read
    if (mixture.on === "pairs") {
      const terms = pairTerms(read)
      const weigh = weighting === "wpo" ? weighed(read) : (_: Ops, vector: Value) => vector
      const parts = mixture.parts.map(({ loss, weight }) => ({
        weight,
        per: loss.per,
        vector: weigh(op, loss.build(op, terms))
      }))
      return { loss: mixed(read, parts), reports: { chosen: terms.policy.chosen, rejected: terms.policy.rejected } }
    }
    if (mixture.on === "rows") {
      const terms = rowTerms(read)
      const parts = mixture.parts.map(({ loss, weight }) => ({ weight, per: loss.per, vector: loss.build(op, terms) }))
      const asked = mixture.parts.some(({ loss }) => loss.coupled)
      const mismatched = asked ? { mismatched: op.Sub(terms.mismatched.policy, terms.mismatched.reference) } : {}
      return { loss: mixed(read, parts), reports: { policy: terms.policy, ...mismatched } }
    }
    const terms = rewardTerms(read)
    const parts = mixture.parts.map(({ loss, weight }) => ({ weight, per: loss.per, vector: loss.build(op, terms) }))
    return { loss: mixed(read, parts), reports: { chosen: terms.chosen, rejected: terms.rejected } }
  }

/** DPO begins at ln 2: σ(0) = ½. */
const firstLoss = ({ parts }: Mixture, { weighting }: Modifiers) => {
  const [only, other] = parts
  return only?.name === "dpo" && !other && only.weight === 1 && !weighting ? { firstLoss: Math.LN2 } : {}
}

/**
 * A mixture of losses from the table as an objective.
 *
 * Fails    GraphError.
 */
export const lossObjective = (mixture: Mixture, modifiers: Modifiers): Objective => {
  const kind = mixture.on === "rewards" ? "reward" : "causal"
  const loss = lossGraph(kind, build(mixture, modifiers))
  const reads = (...names: ReadonlyArray<BatchInputName>) => names.some((name) => loss.reads.has(name))
  const { rewardScale } = mixture
  const alpha = modifiers.lengthDesensitized
  return {
    name: mixture.parts.map(({ name }) => name).join(" + "),
    kind,
    on: mixture.on,
    loss,
    reference: reads("referenceChosen", "referenceRejected", "referenceRows"),
    mismatched: reads("memberMismatched"),
    predict: reads("wholeChosen", "wholeRejected") ? "all" : "learned",
    coupled: mixture.coupled,
    ...firstLoss(mixture, modifiers),
    ...(alpha === undefined
      ? {}
      : {
          tokenWeight: (place: number, shorter: number) => lengthDesensitized(place, shorter, alpha)
        }),
    measure: {
      pairs: policyMeasures(rewardScale, { nll: mixture.parts.some(({ loss: { per } }) => per === "chosenToken") }),
      rows: rowMeasures(rewardScale),
      rewards: (_: unknown, { chosen = [], rejected = [] }: Readonly<Record<string, ArrayLike<number>>>) =>
        pairMeasures(chosen, rejected)
    }[mixture.on]
  }
}
