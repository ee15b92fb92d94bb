import { Schema } from "effect"
import { userPrompt } from "../../format/userPrompt.ts"
import { all, reader } from "../reading.ts"
import type { SourceOf } from "../Source.ts"

const Row = Schema.Struct({
  instruction: Schema.NonEmptyString,
  chosen_response: Schema.String,
  rejected_response: Schema.String,
  chosen_rating: Schema.Finite,
  rejected_rating: Schema.Finite
})

/**
 * Mathematical questions with two answers, rated by GPT-4.
 *
 * Source   Layout: argilla/distilabel-math-preference-dpo, as remembered: no copy of its card was at hand to check it.
 */
export const argillaMath: SourceOf<"preferences"> = {
  title: "Argilla-Math",
  kind: "preferences",
  place: { hub: "argilla/distilabel-math-preference-dpo", split: "train" },
  licence: { name: "Apache-2.0", from: "others" },
  citation: "Argilla, 2023, distilabel-math-preference-dpo",
  paper: { prompts: 2352, pairs: 2418 },
  filters: [{ ties: {} }, { identical: {} }, { emptyTurns: {} }],
  read: reader(Row, (row, id) =>
    all({
      ...userPrompt(id, row.instruction),
      chosen: row.chosen_response,
      rejected: row.rejected_response,
      margin: row.chosen_rating - row.rejected_rating,
      chosenScore: row.chosen_rating,
      rejectedScore: row.rejected_rating,
      dataset: "argillaMath",
      source: "LLM",
      annotator: "GPT-4",
      ...(row.chosen_rating < row.rejected_rating ? { contradicted: "chosen_rating, rejected_rating" } : {})
    })
  )
}
