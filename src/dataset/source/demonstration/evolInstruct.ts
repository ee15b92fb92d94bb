import { Schema } from "effect"
import { messageOf, Turn } from "../../format/turns.ts"
import { reader } from "../reading.ts"
import type { SourceOf } from "../Source.ts"
import { lastAnswer } from "./answered.ts"

const Row = Schema.Struct({ conversations: Schema.Array(Turn) })

/**
 * Evol-Instruct: instructions that a model made harder step by step, and answers.
 *
 * Source   Layout: the one commonly published for WizardLM_evol_instruct_V2_196k, ShareGPT's; not checked against its card.
 * Domain   left out by rule: `noResponse`.
 */
export const evolInstruct: SourceOf<"demonstrations"> = {
  title: "Evol-Instruct",
  kind: "demonstrations",
  place: { hub: "WizardLMTeam/WizardLM_evol_instruct_V2_196k", split: "train" },
  licence: { name: "not found", from: "nobody" },
  citation: "Xu et al., 2023, arXiv:2304.12244",
  filters: [{ alternation: {} }, { emptyTurns: {} }],
  read: reader(Row, (row, id) => lastAnswer(id, "conversations", row.conversations.map(messageOf)))
}
