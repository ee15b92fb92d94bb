/**
 * Which shapes of line are known, and how a line becomes a record.
 *
 * ```ts
 * formats.text.prompts("What is 2+2?", "said:1") // Success { promptId: "said:1", messages: [{ role: "user", … }] }
 * ```
 */
import { promptChosenRejected } from "./promptChosenRejected.ts"
import { promptCompletionLabel } from "./promptCompletionLabel.ts"
import { records } from "./records.ts"
import type { Format } from "./RowReader.ts"
import { selfInstruct } from "./selfInstruct.ts"
import { text } from "./text.ts"

/** Every known shape of line by the name that a pipeline writes. */
export const formats = { records, promptChosenRejected, promptCompletionLabel, selfInstruct, text } satisfies Record<
  string,
  Format
>

export type { Format, Kinds, RowReader } from "./RowReader.ts"
