import { Array as Arrays, Effect, Result, Schema } from "effect"
import { Candidates, defaulted, Preference } from "../../schemas/mod.ts"
import { matchCounts, Preference as Oracle, rankCandidates, rankings } from "../judge/mod.ts"
import type { Choice } from "../pairing/mod.ts"
import { makeStage } from "./Stage.ts"
import { tally } from "./tally.ts"

const names = Object.keys(rankings) as ReadonlyArray<keyof typeof rankings> // as: a literal table has no other keys

const Params = Schema.Struct({
  ranking: defaulted(
    Schema.Literals(names),
    "tournament",
    "Who is compared: knock-out (linear in the number of responses), or each with each other"
  )
})

type Dropped = "single" | "identical" | "empty" | "tie" | "upset"

/** A row whose texts are there once each: what a judge can tell apart. */
interface Contest {
  readonly row: Candidates
  readonly texts: ReadonlyArray<string>
}

const contestOf = (row: Candidates): Result.Result<Contest, Dropped> => {
  const texts = [...new Set(row.responses.map(({ text }) => text))]
  if (row.responses.length < 2) return Result.fail("single")
  return texts.length < 2 ? Result.fail("identical") : Result.succeed({ row, texts })
}

const pairOf = (
  { row, texts }: Contest,
  choice: Choice | undefined,
  chance: number
): Result.Result<Preference, Dropped> => {
  const chosen = texts[choice?.chosen ?? 0] ?? ""
  const rejected = texts[choice?.rejected ?? 0] ?? ""
  if (chosen === "" || rejected === "") return Result.fail("empty")
  if (chance <= 0.5) return Result.fail(chance < 0.5 ? "upset" : "tie")
  return Result.succeed({ promptId: row.promptId, messages: row.messages, chosen, rejected, margin: 2 * chance - 1 })
}

/**
 * Makes one pair of the responses of each prompt by a preference oracle: the best and the worst that comparing finds, which are
 * then compared with each other. A prompt that gives none is dropped and counted: "single", "identical", "empty", "tie", or
 * "upset" where the worst wins against the best.
 *
 * Source   Section 2.1: a pairwise preference model ranks n responses; Definition 1.
 * Units    `margin` is P(chosen ≻ rejected) − P(rejected ≻ chosen), above 0 and at most 1.
 * Fails    JudgeError
 */
export const judge = makeStage({
  name: "judge",
  doc: "makes a chosen and a rejected response of each prompt's responses by comparing them",
  params: Params,
  input: Candidates,
  output: Preference,
  cost: ({ ranking }, responses) => ({
    comparisonsPerRow: responses < 2 ? 0 : matchCounts[ranking](responses) + 1
  }),
  work: ({ ranking }) => {
    const rank = rankCandidates(rankings[ranking])
    return Effect.fnUntraced(function* (candidates: ReadonlyArray<Candidates>) {
      const [contests, unfit] = Arrays.partition(candidates, contestOf)
      const choices = yield* rank(contests.map(({ row, texts }) => ({ messages: row.messages, responses: texts })))
      const { prefer } = yield* Oracle
      const finals = contests.map(({ row, texts }, i) => ({
        messages: row.messages,
        first: texts[choices[i]?.chosen ?? 0] ?? "",
        second: texts[choices[i]?.rejected ?? 0] ?? ""
      }))
      const chances = finals.length === 0 ? [] : yield* prefer(finals)
      const [rows, lost] = Arrays.partition(contests, (contest, i) => pairOf(contest, choices[i], chances[i] ?? 0.5))
      return { rows, dropped: tally([...unfit, ...lost]) }
    })
  }
})
