import { messageOf } from "../../format/turns.ts"
import { all, reader } from "../reading.ts"
import type { SourceOf } from "../Source.ts"
import { UltraInteractPair } from "../UltraInteractPair.ts"

/**
 * The instructions of UltraInteract: the root of each trajectory, once for each pair.
 *
 * Source   Layout and licence: the card of openbmb/UltraInteract_pair; the first turn of a trajectory is the instruction.
 */
export const ultraInteractPrompts: SourceOf<"prompts"> = {
  title: "UltraInteract (prompts)",
  kind: "prompts",
  place: { hub: "openbmb/UltraInteract_pair", split: "train", files: ["0000_pair.parquet"] },
  licence: { name: "MIT", from: "card" },
  citation: "Yuan et al., 2024, arXiv:2404.02078",
  filters: [{ exactDuplicates: { by: "prompt" } }],
  read: reader(UltraInteractPair, ({ trajectory }, promptId) => all({ promptId, messages: [messageOf(trajectory[0])] }))
}
