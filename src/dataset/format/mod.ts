/**
 * Which shapes of line are known, and how a line becomes a record.
 *
 * ```ts
 * formats.text.prompts("What is 2+2?", "said:1") // Success { promptId: "said:1", messages: [{ role: "user", … }] }
 * ```
 */
import type { FormatName } from "../../../schemas/mod.ts"
import { alpaca } from "./alpaca.ts"
import { chatMl } from "./chatMl.ts"
import { kto } from "./kto.ts"
import { promptChosenRejected } from "./promptChosenRejected.ts"
import { promptCompletionLabel } from "./promptCompletionLabel.ts"
import { records } from "./records.ts"
import { rlhflow } from "./rlhflow.ts"
import { rlhflowInstances } from "./rlhflowInstances.ts"
import type { Format } from "./RowReader.ts"
import { selfInstruct } from "./selfInstruct.ts"
import { shareGpt } from "./shareGpt.ts"
import { text } from "./text.ts"
import { trlExplicit } from "./trlExplicit.ts"
import { trlImplicit } from "./trlImplicit.ts"
import { trlPrompt } from "./trlPrompt.ts"
import { trlPromptCompletion } from "./trlPromptCompletion.ts"
import { trlText } from "./trlText.ts"

/** Every known shape of line by the name that a pipeline writes. */
export const formats = {
  records,
  promptChosenRejected,
  promptCompletionLabel,
  selfInstruct,
  text,
  alpaca,
  chatMl,
  kto,
  rlhflow,
  rlhflowInstances,
  shareGpt,
  trlExplicit,
  trlImplicit,
  trlPrompt,
  trlPromptCompletion,
  trlText
} satisfies Record<FormatName, Format>

export { detectFormat } from "./detectFormat.ts"
export { recordSchemas } from "./records.ts"
export type { Format, Kinds, RowReader } from "./RowReader.ts"
