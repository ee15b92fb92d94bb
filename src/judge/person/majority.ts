import { Result } from "effect"
import type { Judgement, Preference } from "../../../schemas/mod.ts"

/** Why judgements of a pair make no preference: as many for one response as for the other, equal texts, an empty text. */
export type Undecided = "tie" | "identical" | "empty"

/** The share of votes for the first response, a tie counting half: the chance that a judge finds it better. */
export const shareForFirst = (judgements: ReadonlyArray<Judgement>): number => {
  const votes = { first: 1, tie: 0.5, second: 0 }
  return judgements.reduce((sum, { verdict }) => sum + votes[verdict], 0) / judgements.length
}

/** The preference of the majority of those who judged one pair. Domain: at least one judgement. */
const decide = (
  judgements: readonly [Judgement, ...ReadonlyArray<Judgement>]
): Result.Result<Preference, Undecided> => {
  const [{ first, messages, pairId, second }] = judgements
  const share = shareForFirst(judgements)
  if (first === second) return Result.fail("identical")
  if (first.trim() === "" || second.trim() === "") return Result.fail("empty")
  if (share === 0.5) return Result.fail("tie")
  const [chosen, rejected] = share > 0.5 ? [first, second] : [second, first]
  return Result.succeed({ promptId: pairId, messages, chosen, rejected, margin: Math.abs(2 * share - 1) })
}

/**
 * What judgements make of each pair, in the order in which pairs were first judged.
 *
 * Units    `margin` is the share of votes for the chosen response less that for the rejected one; `promptId` is the id of
 *          the pair, since several pairs may share a prompt.
 * Domain   Votes that are ties count for neither; pairs that nobody judged are not there.
 */
export const majority = (judgements: ReadonlyArray<Judgement>): ReadonlyArray<Result.Result<Preference, Undecided>> =>
  [...Map.groupBy(judgements, ({ pairId }) => pairId).values()].flatMap(([one, ...others]) =>
    one === undefined ? [] : [decide([one, ...others])]
  )
