import { messageOf } from "../../format/turns.ts"
import { all, reader } from "../reading.ts"
import type { SourceOf } from "../Source.ts"
import { UltraInteractPair } from "../UltraInteractPair.ts"

/**
 * UltraInteract: a trajectory of reasoning, and a right and a wrong next action.
 *
 * Source   Layout and licence: the card of openbmb/UltraInteract_pair. How the paper comes from 219 522 to 161 927 pairs is
 *          not known; the general filters stand here.
 */
export const ultraInteract: SourceOf<"preferences"> = {
  title: "UltraInteract",
  kind: "preferences",
  place: { hub: "openbmb/UltraInteract_pair", split: "train", files: ["0000_pair.parquet"] },
  licence: { name: "MIT", from: "card" },
  citation: "Yuan et al., 2024, arXiv:2404.02078",
  paper: { prompts: 76_086, pairs: 161_927 },
  filters: [{ alternation: {} }, { emptyTurns: {} }, { identical: {} }],
  read: reader(UltraInteractPair, (row, promptId) =>
    all({
      promptId,
      messages: row.trajectory.map(messageOf),
      chosen: row.chosen,
      rejected: row.rejected,
      margin: 0,
      dataset: "ultraInteract",
      source: "LLM",
      annotator: "GPT-4"
    })
  )
}
