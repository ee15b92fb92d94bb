import { Result } from "effect"
import type { Preference, Scored } from "../../schemas/mod.ts"
import type { Key } from "../random/mod.ts"
import { type Among, contenders } from "./contenders.ts"
import { fromReference } from "./fromReference.ts"
import type { Choice, Pairing } from "./Pairing.ts"
import { penalizeLength } from "./penalizeLength.ts"

/**
 * Why a prompt gave no pair, or two responses made none: fewer than two responses, equal rewards, equal texts, a text that is
 * empty and so teaches nothing, or rewards that differ by less than was wanted.
 */
export type Dropped = "single" | "tie" | "identical" | "empty" | "margin"

/**
 * How pairs are made.
 *
 * Units    `lengthPenalty` in reward per code point; `minimumMargin` in reward.
 * Domain   `order` says which of two responses is chosen: the one with the larger penalized reward (`penalized`), or the one
 *          with the larger reward before the penalty, whichever was picked for what (`legacy`).
 */
export interface PairRule {
  readonly pairing: Pairing
  readonly among: Among
  readonly identical: "drop" | "keep"
  readonly lengthPenalty: number
  readonly order: "penalized" | "legacy"
  readonly minimumMargin: number
}

const makePair =
  (row: Scored, rewards: ReadonlyArray<number>, rule: PairRule) =>
  (picked: Choice): Result.Result<Preference, Dropped> => {
    const gap = (rewards[picked.chosen] ?? 0) - (rewards[picked.rejected] ?? 0)
    const choice = gap < 0 ? { chosen: picked.rejected, rejected: picked.chosen } : picked
    const margin = Math.abs(gap)
    const chosen = row.responses[choice.chosen]?.text ?? ""
    const rejected = row.responses[choice.rejected]?.text ?? ""
    if (rule.identical === "drop" && chosen === rejected) return Result.fail("identical")
    if (margin === 0) return Result.fail("tie")
    if (chosen === "" || rejected === "") return Result.fail("empty")
    if (margin < rule.minimumMargin) return Result.fail("margin")
    const { messages, promptId } = row
    return Result.succeed({ promptId, messages, chosen, rejected, margin, ...fromReference(row, choice) })
  }

/**
 * The pairs a prompt's scored responses make, or why they make none: one result for each pair that was picked.
 *
 * Source   Algorithm 2: a pair whose two responses are the same is dropped. Eq. (9): responses are picked, and ordered, by
 *          r̂(x, a) − λ|a|. The code published with the paper picks by it and orders by r̂(x, a) (`order: "legacy"`), so that a
 *          pair whose order the penalty reversed is turned back.
 * Units    `margin` is the reward of `chosen` less the reward of `rejected`, penalized unless the order is `legacy`.
 */
export const makePairs = (rule: PairRule) => {
  const penalize = penalizeLength(rule.lengthPenalty)
  return (row: Scored, key: Key): ReadonlyArray<Result.Result<Preference, Dropped>> => {
    const places = contenders(row, rule.among)
    if (places.length < 2) return [Result.fail("single")]
    const penalized = row.rewards.map((reward, i) => penalize(reward, row.responses[i]?.text ?? ""))
    const ordering = { penalized, legacy: row.rewards }[rule.order]
    const among = places.map((place) => penalized[place] ?? 0)
    const picked = rule.pairing(among, key).map(({ chosen, rejected }) => ({
      chosen: places[chosen] ?? 0,
      rejected: places[rejected] ?? 0
    }))
    return picked.map(makePair(row, ordering, rule))
  }
}
