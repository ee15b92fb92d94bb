import { Schema } from "effect"
import { messageOf, Turn } from "../../format/turns.ts"
import { reader } from "../reading.ts"
import type { SourceOf } from "../Source.ts"
import { lastAnswer } from "./answered.ts"

const Row = Schema.Struct({ conversations: Schema.Array(Turn) })

/**
 * SlimOrca: answers of GPT-4 to tasks of FLAN under a system message.
 *
 * Source   Layout: the one commonly published for Open-Orca/SlimOrca, ShareGPT's with a weight on each turn; not checked against
 *          its card.
 * Domain   left out by rule: `noResponse`.
 */
export const slimOrca: SourceOf<"demonstrations"> = {
  title: "SlimOrca",
  kind: "demonstrations",
  place: { hub: "Open-Orca/SlimOrca", split: "train" },
  licence: { name: "not found", from: "nobody" },
  citation: "Lian et al., 2023",
  filters: [{ alternation: {} }, { emptyTurns: {} }],
  read: reader(Row, (row, id) => lastAnswer(id, "conversations", row.conversations.map(messageOf)))
}
