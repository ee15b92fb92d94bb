import { Result, Schema } from "effect"
import { Message } from "../../../schemas/mod.ts"
import { cutPair } from "./conversation.ts"
import type { Format } from "./RowReader.ts"
import { Score, scoresOf } from "./scores.ts"
import { shape } from "./shape.ts"

const Row = Schema.Struct({
  chosen: Schema.Array(Message),
  rejected: Schema.Array(Message),
  chosen_score: Score,
  rejected_score: Score
})

/**
 * Lines of RLHFlow's standard preference sets: two conversations that share all but the last turn, and their scores.
 *
 * Source   RLHFlow's data-set cards: chosen, rejected, chosen_score, rejected_score; scores are numbers, texts of numbers
 *          (CodeUltraFeedback-standard) or null (HH-RLHF-Helpful-standard).
 * Units    `margin` is chosen_score − rejected_score, or 0 where there is none.
 */
export const rlhflow: Format = {
  prompts: shape(Row, (row, promptId) =>
    Result.map(cutPair(row.chosen, row.rejected), ({ messages }) => ({ promptId, messages }))
  ),
  preferences: shape(Row, (row, promptId) =>
    Result.map(cutPair(row.chosen, row.rejected), (pair) => ({
      promptId,
      ...pair,
      ...scoresOf(row.chosen_score, row.rejected_score)
    }))
  ),
  demonstrations: shape(Row, (row, promptId) =>
    Result.map(cutPair(row.chosen, row.rejected), ({ chosen, messages }) => ({ promptId, messages, response: chosen }))
  )
}
