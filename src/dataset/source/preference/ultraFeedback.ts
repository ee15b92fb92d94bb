import { Schema } from "effect"
import { userPrompt } from "../../format/userPrompt.ts"
import { comparisons } from "../comparisons.ts"
import { reader } from "../reading.ts"
import type { SourceOf } from "../Source.ts"

const Annotation = Schema.Struct({ Rating: Schema.String })

const aspects = {
  helpfulness: Annotation,
  honesty: Annotation,
  instruction_following: Annotation,
  truthfulness: Annotation
}

const Completion = Schema.Struct({
  model: Schema.NonEmptyString,
  response: Schema.String,
  annotations: Schema.Struct(aspects),
  "fine-grained_score": Schema.NullOr(Schema.Finite)
})

const Row = Schema.Struct({ instruction: Schema.NonEmptyString, completions: Schema.Array(Completion) })

/** The mean of the four aspects, or nothing where one is "N/A". */
const scoreOf = (completion: typeof Completion.Type): number | undefined =>
  Object.values(completion.annotations).some(({ Rating }) => Rating === "N/A")
    ? undefined
    : (completion["fine-grained_score"] ?? undefined)

/**
 * UltraFeedback: four responses of different models, rated by GPT-4 in four aspects.
 *
 * Source   Layout: openbmb/UltraFeedback as its loaders read it. Rule: RLHFlow's card, `fine-grained_score` and not
 *          `overall_score`, all pairs of the answers, "N/A" skipped, equal scores deleted.
 * Units    scores from 1 to 5.
 */
export const ultraFeedback: SourceOf<"preferences"> = {
  title: "UltraFeedback",
  kind: "preferences",
  place: { hub: "openbmb/UltraFeedback", split: "train", files: ["*.jsonl"] },
  licence: { name: "MIT", from: "others" },
  citation: "Cui et al., 2023, arXiv:2310.01377",
  paper: { prompts: 63_591, pairs: 340_025 },
  filters: [{ ties: {} }, { identical: {} }, { emptyTurns: {} }],
  read: reader(Row, (row, id) =>
    comparisons(
      { ...userPrompt(id, row.instruction), dataset: "ultraFeedback", source: "LLM", annotator: "GPT-4" },
      row.completions.map((completion) => ({ response: completion.response, score: scoreOf(completion) }))
    )
  )
}
