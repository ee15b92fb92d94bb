import { Schema } from "effect"
import { userPrompt } from "../../format/userPrompt.ts"
import { comparisons } from "../comparisons.ts"
import { reader } from "../reading.ts"
import type { SourceOf } from "../Source.ts"

const Row = Schema.Struct({
  instruction: Schema.NonEmptyString,
  responses: Schema.Array(Schema.Struct({ model: Schema.NonEmptyString, response: Schema.String })),
  annotations: Schema.Array(
    Schema.Struct({
      model: Schema.NonEmptyString,
      rating: Schema.Union([Schema.Literal("N/A"), Schema.FiniteFromString])
    })
  )
})

/**
 * CodeUltraFeedback: responses of different models to a coding task, rated by GPT-3.5.
 *
 * Source   Layout and rule: the script of RLHFlow/CodeUltraFeedback-standard's card, all pairs except of equal ratings. Here
 *          each response is left out by its own "N/A", where the script looks at the rating it read last.
 * Units    scores from 1 to 5, written as texts in the source.
 */
export const codeUltraFeedback: SourceOf<"preferences"> = {
  title: "CodeUltraFeedback",
  kind: "preferences",
  place: { hub: "coseal/CodeUltraFeedback", split: "train" },
  licence: { name: "MIT", from: "repository" },
  citation: "Weyssow et al., 2024, arXiv:2403.09032",
  paper: { prompts: 9938, pairs: 50_156 },
  filters: [{ ties: {} }, { identical: {} }, { emptyTurns: {} }],
  read: reader(Row, (row, id) => {
    const ratings = new Map(row.annotations.map(({ model, rating }) => [model, rating]))
    return comparisons(
      { ...userPrompt(id, row.instruction), dataset: "codeUltraFeedback", source: "LLM", annotator: "GPT-3.5" },
      row.responses.map(({ model, response }) => {
        const rating = ratings.get(model)
        return { response, score: rating === "N/A" ? undefined : rating }
      })
    )
  })
}
