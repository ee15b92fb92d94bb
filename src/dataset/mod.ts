/**
 * Files of prompts, preferences and demonstrations: which shapes of line are known, and how a line becomes a record.
 *
 * ```ts
 * const prompts = yield* readDataset({
 *   formats,
 *   kind: "prompts",
 *   source: { path: "seed_tasks.jsonl", format: "selfInstruct", limit: 64 }
 * })
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

export { DatasetError } from "./errors.ts"
export { indexPrompts } from "./indexPrompts.ts"
export { pickRows } from "./pickRows.ts"
export { readDataset } from "./readDataset.ts"
export type { RowIndex } from "./RowIndex.ts"
export type { Format, Kinds, RowReader } from "./RowReader.ts"
export { type DatasetOptions, type DatasetSource, type Row, streamRows } from "./streamRows.ts"
