/**
 * Data sets for other programs: Parquet, JSON lines and a card, as `datasets` and TRL read them.
 *
 * ```ts
 * yield* exportDataset({ kind: "preferences", splits: { train: batches }, folder: "exports/mine", card })
 * ```
 */
export { DatasetExportError, FolderRefused, FolderTaken, SplitUnnamed } from "./errors.ts"
export { exportDataset, type ExportOptions, type WrittenSplit } from "./exportDataset.ts"
export { type ExportKinds, exportShapes, shapeFor } from "./shapes.ts"
