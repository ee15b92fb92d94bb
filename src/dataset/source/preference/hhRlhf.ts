import { Result, Schema } from "effect"
import { cutPair } from "../../format/conversation.ts"
import { all, leftOut, reader } from "../reading.ts"
import type { SourceOf } from "../Source.ts"
import { transcript } from "../transcript.ts"

const Row = Schema.Struct({ chosen: Schema.String, rejected: Schema.String })

/**
 * Helpfulness and harmlessness dialogues: two transcripts that differ in the last answer.
 *
 * Source   Layout: README and files of Anthropic's repository hh-rlhf. Filters: RLHFlow/HH-RLHF-Helpful-standard's card, which
 *          has 115 396 rows of a train split; the train files of the three folders have 118 263, with their test files 124 503.
 * Domain   left out by rule: `unlikePrompts`, where the transcripts differ before the last turn, as the card's script does.
 */
export const hhRlhf: SourceOf<"preferences"> = {
  title: "HH-RLHF",
  kind: "preferences",
  place: {
    hub: "Anthropic/hh-rlhf",
    split: "train",
    files: ["helpful-base", "helpful-rejection-sampled", "helpful-online"].map((folder) => `${folder}/train.jsonl.gz`)
  },
  licence: { name: "MIT", from: "repository" },
  citation: "Bai et al., 2022, arXiv:2204.05862",
  paper: { prompts: 115_092, pairs: 115_396 },
  filters: [{ alternation: {} }, { emptyTurns: {} }, { identical: {} }],
  read: reader(Row, (row, promptId) =>
    Result.gen(function* () {
      const chosen = yield* transcript("chosen", row.chosen)
      const rejected = yield* transcript("rejected", row.rejected)
      const pair = cutPair(chosen, rejected)
      if (Result.isFailure(pair)) return leftOut("unlikePrompts")
      return all({ promptId, ...pair.success, margin: 0, dataset: "hhRlhf", source: "LLM", annotator: "Human" })
    })
  )
}
