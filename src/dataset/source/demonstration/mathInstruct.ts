import { Schema } from "effect"
import { reader } from "../reading.ts"
import type { SourceOf } from "../Source.ts"
import { answered } from "./answered.ts"

const Row = Schema.Struct({ instruction: Schema.NonEmptyString, output: Schema.String })

/**
 * MathInstruct: mathematical problems, solved in words or as programs.
 *
 * Source   Layout: TIGER-Lab/MathInstruct as its loaders read it, instruction and output.
 */
export const mathInstruct: SourceOf<"demonstrations"> = {
  title: "MathInstruct",
  kind: "demonstrations",
  place: { hub: "TIGER-Lab/MathInstruct", split: "train" },
  licence: { name: "MIT", from: "others" },
  citation: "Yue et al., 2023, arXiv:2309.05653",
  filters: [{ emptyTurns: {} }],
  read: reader(Row, (row, id) => answered(id, row.instruction, row.output))
}
