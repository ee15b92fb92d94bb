import { Result, Schema } from "effect"
import { checked } from "../../format/shape.ts"
import { userPrompt } from "../../format/userPrompt.ts"
import { comparisons } from "../comparisons.ts"
import { HelpSteerRow } from "../HelpSteerRow.ts"
import { reader } from "../reading.ts"
import type { SourceOf } from "../Source.ts"

const check = checked(HelpSteerRow)

/**
 * HelpSteer: up to four responses to a prompt, one in each row; responses are compared by the mean of two attributes.
 *
 * Source   Layout: the card of nvidia/HelpSteer. Rule: the reward-model post of RLHFlow, mean of helpfulness and
 *          correctness, all pairs, ties deleted.
 * Units    scores from 0 to 4.
 */
export const helpSteer: SourceOf<"preferences"> = {
  title: "HelpSteer",
  kind: "preferences",
  place: { hub: "nvidia/HelpSteer", split: "train", files: ["train.jsonl.gz"] },
  licence: { name: "CC-BY-4.0", from: "card" },
  citation: "Wang et al., 2023, arXiv:2311.09528",
  paper: { prompts: 8592, pairs: 37_131 },
  filters: [{ ties: {} }, { identical: {} }, { emptyTurns: {} }],
  grouping: { keyOf: (value) => Result.map(check(value), ({ prompt }) => prompt) },
  read: reader(Schema.NonEmptyArray(HelpSteerRow), (rows, id) =>
    comparisons(
      { ...userPrompt(id, rows[0].prompt), dataset: "helpSteer", source: "LLM", annotator: "Human" },
      rows.map((row) => ({ response: row.response, score: (row.helpfulness + row.correctness) / 2 }))
    )
  )
}
