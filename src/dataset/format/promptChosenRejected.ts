import { Schema } from "effect"
import { userPrompt } from "./userPrompt.ts"
import { type Format, rowReader } from "./RowReader.ts"

const Row = Schema.Struct({
  prompt: Schema.NonEmptyString,
  chosen: Schema.NonEmptyString,
  rejected: Schema.NonEmptyString,
  metadata: Schema.optionalKey(
    Schema.Struct({
      score_chosen: Schema.optionalKey(Schema.Finite),
      score_rejected: Schema.optionalKey(Schema.Finite)
    })
  )
})

const margin = ({ metadata }: typeof Row.Type): number => {
  const chosen = metadata?.score_chosen
  const rejected = metadata?.score_rejected
  return chosen === undefined || rejected === undefined ? 0 : chosen - rejected
}

/**
 * Lines `{prompt, chosen, rejected}` with texts, as UltraFeedback is often published; the demonstration is the chosen text.
 *
 * Units    `margin` is score_chosen − score_rejected of `metadata`, or 0 where there is none.
 */
export const promptChosenRejected: Format = {
  prompts: rowReader(Row, (row, id) => userPrompt(id, row.prompt)),
  preferences: rowReader(Row, (row, id) => ({
    ...userPrompt(id, row.prompt),
    chosen: row.chosen,
    rejected: row.rejected,
    margin: margin(row)
  })),
  demonstrations: rowReader(Row, (row, id) => ({ ...userPrompt(id, row.prompt), response: row.chosen }))
}
