import type { Ops, Value } from "../../src/graph/mod.ts"
import type { BoundLoss, Pair, PairTerms, RewardTerms, RowTerms } from "../../src/loss/mod.ts"

/** Gives the input of a name: "policy.chosen" of a pair, "policy" of a row. */
type Leaf = (name: string) => Value

const pairOf = (leaf: Leaf, name: string): Pair => ({
  get chosen() {
    return leaf(`${name}.chosen`)
  },
  get rejected() {
    return leaf(`${name}.rejected`)
  }
})

const pairTerms = (leaf: Leaf): PairTerms => ({
  policy: pairOf(leaf, "policy"),
  reference: pairOf(leaf, "reference"),
  length: pairOf(leaf, "length"),
  whole: pairOf(leaf, "whole"),
  wholeLength: pairOf(leaf, "wholeLength"),
  get margin() {
    return leaf("margin")
  },
  get fromReference() {
    return leaf("fromReference")
  }
})

const rowTerms = (leaf: Leaf): RowTerms => ({
  get policy() {
    return leaf("policy")
  },
  get reference() {
    return leaf("reference")
  },
  get length() {
    return leaf("length")
  },
  get desirable() {
    return leaf("desirable")
  },
  mismatched: {
    get policy() {
      return leaf("mismatched.policy")
    },
    get reference() {
      return leaf("mismatched.reference")
    }
  },
  get runningReward() {
    return leaf("runningReward")
  }
})

const rewardTerms = (leaf: Leaf): RewardTerms => ({
  get chosen() {
    return leaf("chosen")
  },
  get rejected() {
    return leaf("rejected")
  },
  get margin() {
    return leaf("margin")
  }
})

/** The vector of a loss, on inputs that are made when they are read. */
export const vectorOf = (op: Ops, loss: BoundLoss, leaf: Leaf): Value => {
  if (loss.on === "pairs") return loss.build(op, pairTerms(leaf))
  return loss.on === "rows" ? loss.build(op, rowTerms(leaf)) : loss.build(op, rewardTerms(leaf))
}

/** The terms that carry a gradient; every other is data. */
export const differentiated: ReadonlySet<string> = new Set([
  "policy.chosen",
  "policy.rejected",
  "whole.chosen",
  "whole.rejected",
  "policy",
  "chosen",
  "rejected"
])
