/**
 * Files of prompts, preferences, judged responses and demonstrations, read as records.
 *
 * ```ts
 * const prompts = yield* readDataset({
 *   formats,
 *   kind: "prompts",
 *   source: { path: "seed_tasks.jsonl", format: "selfInstruct", limit: 64 }
 * })
 * ```
 */
export { DatasetCard, renderCard } from "./card/mod.ts"
export {
  DatasetError,
  DatasetUnfit,
  FormatUnclear,
  KindUnsupported,
  PromptRepeated,
  RowsMissing,
  RowUnfit
} from "./errors.ts"
export {
  DatasetExportError,
  exportDataset,
  type ExportKinds,
  type ExportOptions,
  exportShapes,
  shapeFor,
  type WrittenSplit
} from "./export/mod.ts"
export { FolderError, type FolderOptions, resolveFolder, SplitUnknown } from "./folder/mod.ts"
export { detectFormat, type Format, formats, type Kinds, recordSchemas, type RowReader } from "./format/mod.ts"
export { indexPrompts } from "./indexPrompts.ts"
export { kindOf } from "./kindOf.ts"
export { pickRows } from "./pickRows.ts"
export { readDataset } from "./readDataset.ts"
export { Growing, type RowIndex } from "./RowIndex.ts"
export {
  comparisons,
  type Counts,
  datasets,
  findSource,
  type Licence,
  type Place,
  type Readable,
  type Reading,
  readSource,
  type ReadSourceOptions,
  type ScoredResponse,
  type Source,
  type SourceKinds,
  type SourceOf
} from "./source/mod.ts"
export { type DatasetOptions, type DatasetSource, type Row, streamRows } from "./streamRows.ts"
