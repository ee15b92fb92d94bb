import { Result, Schema } from "effect"
import { Message } from "../../../../schemas/mod.ts"
import { cutPair } from "../../format/conversation.ts"
import { all, reader } from "../reading.ts"
import type { SourceOf } from "../Source.ts"

const Row = Schema.Struct({
  chosen: Schema.Array(Message),
  rejected: Schema.Array(Message),
  rating_chosen: Schema.Finite,
  rating_rejected: Schema.Finite
})

/**
 * Dialogues of Capybara with two last answers, rated by GPT-4.
 *
 * Source   Layout: the card of argilla/distilabel-capybara-dpo-7k-binarized (7563 rows). Rule: RLHFlow, equal ratings deleted,
 *          which leaves 7562; by which rule the paper counts 14 811 is not known.
 * Units    scores from 1 to 5.
 */
export const capybara: SourceOf<"preferences"> = {
  title: "Capybara (distilabel pairs)",
  kind: "preferences",
  place: { hub: "argilla/distilabel-capybara-dpo-7k-binarized", split: "train", files: ["data/train-*"] },
  licence: { name: "Apache-2.0", from: "others" },
  citation: "Argilla, 2024, distilabel-capybara-dpo-7k-binarized; prompts of Daniele and Suphavadeeprasit, 2023",
  paper: { prompts: 14_740, pairs: 14_811 },
  filters: [{ ties: {} }, { alternation: {} }, { emptyTurns: {} }, { identical: {} }],
  read: reader(Row, (row, promptId) =>
    Result.map(cutPair(row.chosen, row.rejected), (pair) =>
      all({
        promptId,
        ...pair,
        margin: row.rating_chosen - row.rating_rejected,
        chosenScore: row.rating_chosen,
        rejectedScore: row.rating_rejected,
        dataset: "capybara",
        source: "LLM",
        annotator: "GPT-4",
        ...(row.rating_chosen < row.rating_rejected ? { contradicted: "rating_chosen, rating_rejected" } : {})
      })
    )
  )
}
