import { Schema } from "effect"
import { Preference } from "../../../schemas/mod.ts"
import { scoresOf } from "./scores.ts"
import { userPrompt } from "./userPrompt.ts"
import { type Format, rowReader } from "./RowReader.ts"

const Row = Schema.Struct({
  prompt: Schema.NonEmptyString,
  chosen: Schema.NonEmptyString,
  rejected: Schema.NonEmptyString,
  fromReference: Preference.fields.fromReference,
  metadata: Schema.optionalKey(
    Schema.Struct({
      score_chosen: Schema.optionalKey(Schema.Finite),
      score_rejected: Schema.optionalKey(Schema.Finite)
    })
  )
})

/**
 * Lines `{prompt, chosen, rejected}` with texts, as UltraFeedback is often published; the demonstration is the chosen text.
 *
 * A line may name the response that the reference policy gave: `"fromReference": "chosen"`, or `"rejected"`.
 *
 * Units    `margin` is score_chosen − score_rejected of `metadata`, or 0 where there is none.
 */
export const promptChosenRejected: Format = {
  prompts: rowReader(Row, (row, id) => userPrompt(id, row.prompt)),
  preferences: rowReader(Row, (row, id) => ({
    ...userPrompt(id, row.prompt),
    chosen: row.chosen,
    rejected: row.rejected,
    ...scoresOf(row.metadata?.score_chosen, row.metadata?.score_rejected),
    ...(row.fromReference === undefined ? {} : { fromReference: row.fromReference })
  })),
  demonstrations: rowReader(Row, (row, id) => ({ ...userPrompt(id, row.prompt), response: row.chosen }))
}
