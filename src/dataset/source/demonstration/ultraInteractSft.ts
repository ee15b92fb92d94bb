import { Schema } from "effect"
import { reader } from "../reading.ts"
import type { SourceOf } from "../Source.ts"
import { answered } from "./answered.ts"

const Row = Schema.Struct({ instruction: Schema.NonEmptyString, response: Schema.String })

/**
 * UltraInteract: instructions of reasoning tasks and right answers.
 *
 * Source   Layout: openbmb/UltraInteract_sft as its loaders read it. Licence: the card of openbmb/UltraInteract_pair.
 * Domain   ids may repeat where one id has several answers, so a record is called by its row.
 */
export const ultraInteractSft: SourceOf<"demonstrations"> = {
  title: "UltraInteract (SFT)",
  kind: "demonstrations",
  place: { hub: "openbmb/UltraInteract_sft", split: "train" },
  licence: { name: "MIT", from: "others" },
  citation: "Yuan et al., 2024, arXiv:2404.02078",
  filters: [{ emptyTurns: {} }],
  read: reader(Row, (row, id) => answered(id, row.instruction, row.response))
}
