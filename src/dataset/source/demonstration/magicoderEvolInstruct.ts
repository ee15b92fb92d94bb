import { Schema } from "effect"
import { reader } from "../reading.ts"
import type { SourceOf } from "../Source.ts"
import { answered } from "./answered.ts"

const Row = Schema.Struct({ instruction: Schema.NonEmptyString, response: Schema.String })

/**
 * Magicoder-Evol-Instruct: coding tasks that were made harder step by step, and solutions.
 *
 * Source   Layout: the one commonly published for ise-uiuc/Magicoder-Evol-Instruct-110K, instruction and response; not checked
 *          against its card.
 */
export const magicoderEvolInstruct: SourceOf<"demonstrations"> = {
  title: "Magicoder-Evol-Instruct",
  kind: "demonstrations",
  place: { hub: "ise-uiuc/Magicoder-Evol-Instruct-110K", split: "train" },
  licence: { name: "not found", from: "nobody" },
  citation: "Wei et al., 2023, arXiv:2312.02120",
  filters: [{ emptyTurns: {} }],
  read: reader(Row, (row, id) => answered(id, row.instruction, row.response))
}
