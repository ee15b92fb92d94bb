/**
 * Batches of records, and the files they lie in: Arrow IPC and JSON lines. Columns are derived from the record's schema.
 *
 * ```ts
 * readJsonLines("prompts.jsonl", Prompt).pipe(writeArrow("prompts.arrow", Prompt, { from: "prompts.jsonl" }))
 * ```
 */
export { type Batch, fromRows } from "./Batch.ts"
export { columnNames } from "./columnNames.ts"
export { optionalColumns } from "./optionalColumns.ts"
export {
  ArrowError,
  ColumnUnsupported,
  FileDamaged,
  FileMissing,
  FileRefused,
  FileTruncated,
  NotArrow,
  NotJson,
  RowInvalid,
  SchemaDiffers
} from "./errors.ts"
export { archiveOf } from "./file/archiveOf.ts"
export { type FileKind, fileKinds } from "./file/fileKinds.ts"
export { readRows } from "./file/readRows.ts"
export type { ReadOptions, Skipped } from "./file/ReadOptions.ts"
export { readTables } from "./file/readTables.ts"
export type { Table, Values } from "./file/Table.ts"
export { lockFile } from "./lockFile.ts"
export type { RawRow } from "./RawRow.ts"
export { readArrow } from "./readArrow.ts"
export { readArrowMetadata } from "./readArrowMetadata.ts"
export { readBytes } from "./readBytes.ts"
export { readJsonLines } from "./readJsonLines.ts"
export { readRecords } from "./readRecords.ts"
export type { RecordSchema } from "./RecordSchema.ts"
export type { ParquetOptions } from "./ParquetBytes.ts"
export { regroup } from "./regroup.ts"
export { schemaOf } from "./schemaOf.ts"
export { withJsonLines } from "./withJsonLines.ts"
export { withParquet, type WriteRows } from "./withParquet.ts"
export { systemFault } from "./systemFault.ts"
export { writeArrow } from "./writeArrow.ts"
export { writeJsonLines } from "./writeJsonLines.ts"
export { writeParquet } from "./writeParquet.ts"
export type { Written } from "./Written.ts"
