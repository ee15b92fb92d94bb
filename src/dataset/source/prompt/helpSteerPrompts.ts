import { userPrompt } from "../../format/userPrompt.ts"
import { HelpSteerRow } from "../HelpSteerRow.ts"
import { all, reader } from "../reading.ts"
import type { SourceOf } from "../Source.ts"

/**
 * The prompts of HelpSteer, one for each row; a prompt stands in as many rows as it has responses.
 *
 * Source   Layout and licence: the card of nvidia/HelpSteer.
 */
export const helpSteerPrompts: SourceOf<"prompts"> = {
  title: "HelpSteer (prompts)",
  kind: "prompts",
  place: { hub: "nvidia/HelpSteer", split: "train", files: ["train.jsonl.gz"] },
  licence: { name: "CC-BY-4.0", from: "card" },
  citation: "Wang et al., 2023, arXiv:2311.09528",
  filters: [{ exactDuplicates: { by: "prompt" } }],
  read: reader(HelpSteerRow, ({ prompt }, id) => all(userPrompt(id, prompt)))
}
