import { Result, Schema } from "effect"
import { Message } from "../../../schemas/mod.ts"
import { keepingAll, keepingId } from "./kept.ts"
import type { Format } from "./RowReader.ts"
import { Score, scoresOf } from "./scores.ts"
import { shape } from "./shape.ts"
import { userPrompt } from "./userPrompt.ts"

const Said = Schema.Union([
  Schema.NonEmptyString,
  Schema.Tuple([Schema.Struct({ role: Schema.Literal("assistant"), content: Schema.String })])
])

const Row = Schema.Struct({
  prompt: Schema.Union([Schema.NonEmptyString, Schema.NonEmptyArray(Message)]),
  chosen: Said,
  rejected: Said,
  score_chosen: Schema.optionalKey(Score),
  score_rejected: Schema.optionalKey(Score)
})

const promptOf = ({ prompt }: typeof Row.Type, promptId: string) =>
  typeof prompt === "string" ? userPrompt(promptId, prompt) : { promptId, messages: prompt }

const said = (response: typeof Said.Type) => (typeof response === "string" ? response : response[0].content)

/**
 * Lines `{prompt, chosen, rejected}`: texts, or messages where chosen and rejected are one assistant turn each.
 *
 * Source   TRL's documentation of data-set formats, "preference", explicit prompt, standard and conversational.
 * Units    `margin` is score_chosen − score_rejected, or 0 where there is none.
 * Domain   rows with our `promptId` have what our exports keep beside it: margin, data set, source, annotator.
 */
export const trlExplicit: Format = {
  prompts: keepingId(shape(Row, (row, id) => Result.succeed(promptOf(row, id)))),
  preferences: keepingAll(
    shape(Row, (row, id) =>
      Result.succeed({
        ...promptOf(row, id),
        chosen: said(row.chosen),
        rejected: said(row.rejected),
        ...scoresOf(row.score_chosen, row.score_rejected)
      })
    )
  ),
  demonstrations: keepingId(
    shape(Row, (row, id) => Result.succeed({ ...promptOf(row, id), response: said(row.chosen) }))
  )
}
