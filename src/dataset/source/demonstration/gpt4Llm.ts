import { Schema } from "effect"
import { instructionOf } from "../../format/alpaca.ts"
import { reader } from "../reading.ts"
import type { SourceOf } from "../Source.ts"
import { answered } from "./answered.ts"

const Row = Schema.Struct({ instruction: Schema.NonEmptyString, input: Schema.String, output: Schema.String })

/**
 * GPT4-LLM: the instructions of Alpaca, answered by GPT-4.
 *
 * Source   Layout: the one commonly published for GPT-4-LLM, Alpaca's; not checked against its card. The cleaned file is the one
 *          that public mixtures of this recipe name.
 */
export const gpt4Llm: SourceOf<"demonstrations"> = {
  title: "GPT4-LLM",
  kind: "demonstrations",
  place: { hub: "teknium/GPT4-LLM-Cleaned", split: "train" },
  licence: { name: "not found", from: "nobody" },
  citation: "Peng et al., 2023, arXiv:2304.03277",
  filters: [{ emptyTurns: {} }],
  read: reader(Row, (row, id) => answered(id, instructionOf(row.instruction, row.input), row.output))
}
