import { Schema } from "effect"
import { userPrompt } from "../../format/userPrompt.ts"
import { all, reader } from "../reading.ts"
import type { SourceOf } from "../Source.ts"

const Row = Schema.Struct({ prompt: Schema.NonEmptyString })

/**
 * Prompts that a community rated.
 *
 * Source   Layout and licence: the card of DIBT/10k_prompts_ranked, whose header says "other".
 */
export const dibt10k: SourceOf<"prompts"> = {
  title: "DIBT-10K",
  kind: "prompts",
  place: { hub: "DIBT/10k_prompts_ranked", split: "train", files: ["data/train-*"] },
  licence: { name: "other", from: "card" },
  citation: "Data Is Better Together, 2024",
  filters: [{ exactDuplicates: { by: "prompt" } }],
  read: reader(Row, ({ prompt }, id) => all(userPrompt(id, prompt)))
}
