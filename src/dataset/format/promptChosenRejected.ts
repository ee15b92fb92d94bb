import { Schema } from "effect"
import { Preference } from "../../../schemas/mod.ts"
import { Score, scoresOf } from "./scores.ts"
import { userPrompt } from "./userPrompt.ts"
import { type Format, type RowReader, rowReader } from "./RowReader.ts"
import { withoutNulls } from "./withoutNulls.ts"

const Row = Schema.Struct({
  prompt: Schema.NonEmptyString,
  chosen: Schema.NonEmptyString,
  rejected: Schema.NonEmptyString,
  fromReference: Preference.fields.fromReference,
  metadata: Schema.optionalKey(
    Schema.Struct({ score_chosen: Schema.optionalKey(Score), score_rejected: Schema.optionalKey(Score) })
  )
})

const read = <A>(convert: (row: typeof Row.Type, id: string) => A): RowReader<A> => {
  const reader = rowReader(Row, convert)
  return (row, id) => reader(withoutNulls(row), id)
}

/**
 * Lines `{prompt, chosen, rejected}` with texts, as UltraFeedback is often published; the demonstration is the chosen text.
 *
 * A line may name the response that the reference policy gave: `"fromReference": "chosen"`, or `"rejected"`.
 *
 * Units    `margin` is score_chosen − score_rejected of `metadata`, or 0 where there is none.
 */
export const promptChosenRejected: Format = {
  prompts: read((row, id) => userPrompt(id, row.prompt)),
  preferences: read((row, id) => ({
    ...userPrompt(id, row.prompt),
    chosen: row.chosen,
    rejected: row.rejected,
    ...scoresOf(row.metadata?.score_chosen, row.metadata?.score_rejected),
    ...(row.fromReference === undefined ? {} : { fromReference: row.fromReference })
  })),
  demonstrations: read((row, id) => ({ ...userPrompt(id, row.prompt), response: row.chosen }))
}
