import { Result, Schema } from "effect"
import { type Problem, Message } from "../../../schemas/mod.ts"
import { cutPair, sharedLength } from "./conversation.ts"
import type { Format } from "./RowReader.ts"
import { Score, scoresOf } from "./scores.ts"
import { shape } from "./shape.ts"

const scores = { score_chosen: Schema.optionalKey(Score), score_rejected: Schema.optionalKey(Score) }

const Row = Schema.Union([
  Schema.Struct({ chosen: Schema.NonEmptyString, rejected: Schema.NonEmptyString, ...scores }),
  Schema.Struct({ chosen: Schema.Array(Message), rejected: Schema.Array(Message), ...scores })
])

const cutTexts = (chosen: string, rejected: string) => {
  const length = sharedLength(chosen, rejected)
  const content = chosen.slice(0, length)
  if (content.trim() === "") {
    return Result.fail<Problem>({
      field: "rejected",
      found: "another beginning",
      wanted: 'the prompt that "chosen" begins with'
    })
  }
  const messages = [{ role: "user" as const, content }]
  return Result.succeed({ messages, chosen: chosen.slice(length), rejected: rejected.slice(length) })
}

const pairOf = (row: typeof Row.Type) =>
  typeof row.chosen === "string" && typeof row.rejected === "string"
    ? cutTexts(row.chosen, row.rejected)
    : typeof row.chosen !== "string" && typeof row.rejected !== "string"
      ? cutPair(row.chosen, row.rejected)
      : Result.fail<Problem>({ field: "rejected", found: "another kind of value", wanted: 'the kind of "chosen"' })

/**
 * Lines `{chosen, rejected}` whose prompt is what both begin with: texts, or whole conversations.
 *
 * Source   TRL's documentation of data-set formats, "preference", implicit prompt, standard and conversational.
 * Units    `margin` is score_chosen − score_rejected, or 0 where there is none.
 */
export const trlImplicit: Format = {
  prompts: shape(Row, (row, promptId) => Result.map(pairOf(row), ({ messages }) => ({ promptId, messages }))),
  preferences: shape(Row, (row, promptId) =>
    Result.map(pairOf(row), (pair) => ({
      promptId,
      ...pair,
      ...scoresOf(row.score_chosen, row.score_rejected)
    }))
  ),
  demonstrations: shape(Row, (row, promptId) =>
    Result.map(pairOf(row), ({ chosen, messages }) => ({ promptId, messages, response: chosen }))
  )
}
