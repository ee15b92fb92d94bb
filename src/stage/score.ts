import { Effect, Schema } from "effect"
import { Candidates, LengthPenalty, Scored } from "../../schemas/mod.ts"
import { penalizeLength } from "../pairing/mod.ts"
import { Reward } from "../scorer/mod.ts"
import { AnswerDiffers, StageError } from "./errors.ts"
import { makeStage } from "./Stage.ts"

const Params = Schema.Struct({
  lengthPenalty: LengthPenalty.pipe(Schema.withDecodingDefaultKey(Effect.succeed(0)))
})

const differs = ({ promptId, responses }: Candidates, rewards: ReadonlyArray<number> | undefined) => {
  const fail = (found: string, wanted: string) =>
    new StageError({ action: "score", reason: new AnswerDiffers({ stage: "score", promptId, found, wanted }) })
  if (rewards?.length !== responses.length) return fail(`${rewards?.length ?? 0} rewards`, String(responses.length))
  const wrong = rewards.findIndex((reward) => !Number.isFinite(reward))
  return wrong < 0 ? undefined : fail(`reward ${rewards[wrong]} for response ${wrong}`, "a finite number")
}

/**
 * Gives each response its reward, less the price of its length.
 *
 * Source   Eq. (1): r(x, a); Eq. (9): r̃(x, a) = r̂(x, a) − λ|a|, λ = 0.001 for the concise model.
 * Units    `lengthPenalty` in reward per character (code point).
 * Fails    ScorerError, StageError (AnswerDiffers)
 */
export const score = makeStage({
  name: "score",
  doc: "gives each response its reward, less a price for its length",
  params: Params,
  input: Candidates,
  output: Scored,
  work: ({ lengthPenalty }) => {
    const penalize = penalizeLength(lengthPenalty)
    return Effect.fnUntraced(function* (candidates: ReadonlyArray<Candidates>) {
      const reward = yield* Reward
      const answers = yield* reward.score(
        candidates.map(({ messages, responses }) => ({ messages, responses: responses.map(({ text }) => text) }))
      )
      const rows: Array<Scored> = []
      for (const [i, row] of candidates.entries()) {
        const found = answers[i]
        const problem = differs(row, found)
        if (problem !== undefined) return yield* problem
        const rewards = row.responses.map(({ text }, j) => penalize(found?.[j] ?? Number.NaN, text))
        rows.push({ ...row, rewards })
      }
      return { rows, dropped: {} }
    })
  }
})
