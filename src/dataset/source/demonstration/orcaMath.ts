import { Schema } from "effect"
import { reader } from "../reading.ts"
import type { SourceOf } from "../Source.ts"
import { answered } from "./answered.ts"

const Row = Schema.Struct({ question: Schema.NonEmptyString, answer: Schema.String })

/**
 * Orca-Math: word problems of grade school, solved by GPT-4 Turbo.
 *
 * Source   Layout and licence: the card of microsoft/orca-math-word-problems-200k.
 */
export const orcaMath: SourceOf<"demonstrations"> = {
  title: "Orca-Math",
  kind: "demonstrations",
  place: { hub: "microsoft/orca-math-word-problems-200k", split: "train", files: ["data/train-*"] },
  licence: { name: "MIT", from: "card" },
  citation: "Mitra et al., 2024, arXiv:2402.14830",
  filters: [{ emptyTurns: {} }],
  read: reader(Row, (row, id) => answered(id, row.question, row.answer))
}
