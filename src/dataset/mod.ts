/**
 * What rows of data are: shapes, data sets of the table, folders of files, cards; and how records are written for others.
 *
 * ```ts
 * const shape = yield* Effect.fromResult(detectFormat(formats)(rows))
 * const { files } = yield* resolveFolder("exports/preferences", { split: "train" })
 * ```
 */
export { DatasetCard, renderCard } from "./card/mod.ts"
export {
  DatasetError,
  DatasetUnfit,
  FormatUnclear,
  KindUnsupported,
  PathUnknown,
  PromptRepeated,
  RowsChanged,
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
export { Growing } from "./Growing.ts"
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
