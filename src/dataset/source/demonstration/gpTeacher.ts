import { Schema } from "effect"
import { instructionOf } from "../../format/alpaca.ts"
import { reader } from "../reading.ts"
import type { SourceOf } from "../Source.ts"
import { answered } from "./answered.ts"

const Row = Schema.Struct({ instruction: Schema.NonEmptyString, input: Schema.String, response: Schema.String })

/**
 * GPTeacher: instructions written and answered by GPT-4.
 *
 * Source   Layout and licence: files and LICENSE of the repository teknium1/GPTeacher; all its files have one layout.
 */
export const gpTeacher: SourceOf<"demonstrations"> = {
  title: "GPTeacher",
  kind: "demonstrations",
  place: { hub: "teknium/GPTeacher-General-Instruct", split: "train" },
  licence: { name: "MIT", from: "repository" },
  citation: "Teknium, 2023",
  filters: [{ emptyTurns: {} }],
  read: reader(Row, (row, id) => answered(id, instructionOf(row.instruction, row.input), row.response))
}
