/**
 * One way in for data: files of any kind, folders, and data sets of the hub, as streams of records with counts and lineage.
 *
 * ```ts
 * const { kind, rows, counts, lineage } = yield* openData({ source: { path: "hf:owner/name@v1" }, onError: "skip" })
 * ```
 */
export { cardOf } from "./cardOf.ts"
export type { DataCounts, SkippedRows } from "./DataCounts.ts"
export { type DataLineage, placeText, shapeText } from "./DataLineage.ts"
export { placedSource, type WrittenSource } from "./placedSource.ts"
export { type DataKind, dataKinds, type DataKinds, type DataSource } from "./DataSource.ts"
export { BenchmarkRowInvalid, openBenchmark } from "./openBenchmark.ts"
export { type DataError, type OpenedData, openData, type OpenOptions } from "./openData.ts"
export { type FoundSource, foundTexts, textsAt } from "./FoundSource.ts"
export { nameSource } from "./nameSource.ts"
export { NameUnknown, OutputEmpty, OutputError } from "./errors.ts"
export { indexPrompts } from "./prompts/indexPrompts.ts"
export { pickPrompts } from "./prompts/pickPrompts.ts"
export type { DataRecord } from "./readShape.ts"
export { readSteps } from "./readSteps.ts"
export { outputKind, writeData, type WriteOptions } from "./writeData.ts"
export { recordsToArrow } from "./recordsToArrow.ts"
export { sourceIssues } from "./sourceIssues.ts"
