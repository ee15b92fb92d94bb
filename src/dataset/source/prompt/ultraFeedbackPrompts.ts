import { Schema } from "effect"
import { userPrompt } from "../../format/userPrompt.ts"
import { all, reader } from "../reading.ts"
import type { SourceOf } from "../Source.ts"

const Row = Schema.Struct({ instruction: Schema.NonEmptyString })

/**
 * The instructions of UltraFeedback.
 *
 * Source   Layout: openbmb/UltraFeedback as its loaders read it.
 */
export const ultraFeedbackPrompts: SourceOf<"prompts"> = {
  title: "UltraFeedback (prompts)",
  kind: "prompts",
  place: { hub: "openbmb/UltraFeedback", split: "train", files: ["*.jsonl"] },
  licence: { name: "MIT", from: "others" },
  citation: "Cui et al., 2023, arXiv:2310.01377",
  filters: [{ exactDuplicates: { by: "prompt" } }],
  read: reader(Row, ({ instruction }, id) => all(userPrompt(id, instruction)))
}
