import { Schema } from "effect"
import type { Comparison } from "../../../../schemas/mod.ts"
import { userPrompt } from "../../format/userPrompt.ts"
import { all, reader } from "../reading.ts"
import type { SourceOf } from "../Source.ts"

const Row = Schema.Struct({
  post_id: Schema.NonEmptyString,
  c_root_id_A: Schema.NonEmptyString,
  c_root_id_B: Schema.NonEmptyString,
  history: Schema.String,
  human_ref_A: Schema.String,
  human_ref_B: Schema.String,
  score_A: Schema.Finite,
  score_B: Schema.Finite,
  labels: Schema.Literals([0, 1])
})

const toComparison = (row: typeof Row.Type): Comparison => {
  const a = { id: row.c_root_id_A, text: row.human_ref_A, score: row.score_A }
  const b = { id: row.c_root_id_B, text: row.human_ref_B, score: row.score_B }
  const [chosen, rejected] = row.labels === 1 ? [a, b] : [b, a]
  return {
    ...userPrompt(`${row.post_id}#${chosen.id}>${rejected.id}`, row.history),
    chosen: chosen.text,
    rejected: rejected.text,
    margin: chosen.score - rejected.score,
    chosenScore: chosen.score,
    rejectedScore: rejected.score,
    dataset: "shp",
    source: "Human",
    annotator: "Human",
    ...(chosen.score < rejected.score ? { contradicted: "score_A, score_B" } : {})
  }
}

/**
 * Stanford Human Preferences: a post of Reddit and two comments, of which one was preferred.
 *
 * Source   Layout: the one commonly published for stanfordnlp/SHP; of its card only the start could be read, so that the ids and
 *          scores of the comments and `labels` (1 where A is preferred) are not checked against it. Filters: Appendix B.1,
 *          ratio above 2 and at most 5 pairs for each prompt. The licence stands in the header of the card of commit
 *          acbac73; the text is Reddit's.
 * Units    scores are up-votes.
 */
export const shp: SourceOf<"preferences"> = {
  title: "SHP",
  kind: "preferences",
  place: { hub: "stanfordnlp/SHP", split: "train", files: ["*/train.json"], jsonFiles: "jsonl" },
  licence: { name: "MIT", from: "card" },
  citation: "Ethayarajh et al., 2022",
  paper: { prompts: 31_003, pairs: 93_301 },
  filters: [{ contradicted: {} }, { scoreRatio: { minimum: 2 } }, { identical: {} }, { pairsPerPrompt: { most: 5 } }],
  read: reader(Row, (row) => all(toComparison(row)))
}
