import { Result, Schema } from "effect"
import { comparisons } from "../comparisons.ts"
import { cutPrompt } from "../../format/conversation.ts"
import { reader } from "../reading.ts"
import type { SourceOf } from "../Source.ts"
import { transcript } from "../transcript.ts"

const Answer = Schema.Struct({ answer: Schema.String, model: Schema.NonEmptyString, rank: Schema.Finite })

const Row = Schema.Struct({ prompt: Schema.NonEmptyString, answers: Schema.NonEmptyArray(Answer) })

/**
 * Nectar: seven answers to a prompt, ranked by GPT-4.
 *
 * Source   Layout and licence: the card of berkeley-nest/Nectar; Appendix B.3 trains offline DPO on it.
 * Units    a score is the rank with its sign turned, so that the first of the ranking scores highest: −1.
 */
export const nectar: SourceOf<"preferences"> = {
  title: "Nectar",
  kind: "preferences",
  place: { hub: "berkeley-nest/Nectar", split: "train", files: ["data/rlaif.parquet"] },
  licence: { name: "Apache-2.0, not to be used to compete with OpenAI", from: "card" },
  citation: "Zhu et al., 2023, Starling-7B",
  filters: [{ ties: {} }, { identical: {} }, { emptyTurns: {} }],
  read: reader(Row, (row, promptId) =>
    Result.gen(function* () {
      const messages = yield* cutPrompt("prompt", yield* transcript("prompt", row.prompt))
      return comparisons(
        { promptId, messages, dataset: "nectar", source: "LLM", annotator: "GPT-4" },
        row.answers.map(({ answer, rank }) => ({ response: answer, score: -rank }))
      )
    })
  )
}
