import { Schema } from "effect"
import { messageOf, Turn } from "../../format/turns.ts"
import { reader } from "../reading.ts"
import type { SourceOf } from "../Source.ts"
import { lastAnswer } from "./answered.ts"

const Row = Schema.Struct({ conversations: Schema.Array(Turn) })

/**
 * ShareGPT: conversations that people had with ChatGPT and shared.
 *
 * Source   Layout: conversations of from and value, as the card of RyokoAI/ShareGPT52K shows; the cleaned file is the one that
 *          public mixtures of this recipe name. Licence: the card of allenai/tulu-v2-sft-mixture.
 * Domain   left out by rule: `noResponse`.
 */
export const shareGpt: SourceOf<"demonstrations"> = {
  title: "ShareGPT",
  kind: "demonstrations",
  place: {
    hub: "anon8231489123/ShareGPT_Vicuna_unfiltered",
    split: "train",
    files: ["ShareGPT_V3_unfiltered_cleaned_split_no_imsorry.json"]
  },
  licence: { name: "Apache-2.0", from: "others" },
  citation: "Chiang et al., 2023",
  filters: [{ alternation: {} }, { emptyTurns: {} }],
  read: reader(Row, (row, id) => lastAnswer(id, "conversations", row.conversations.map(messageOf)))
}
