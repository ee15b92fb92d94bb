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
export { type DataKind, dataKinds, type DataKinds, type DataSource } from "./DataSource.ts"
export { type DataError, type OpenedData, openData, type OpenOptions } from "./openData.ts"
export { NameUnknown, OutputEmpty, OutputError } from "./errors.ts"
export type { DataRecord } from "./readShape.ts"
export { readSteps } from "./readSteps.ts"
export { outputKind, writeData, type WriteOptions } from "./writeData.ts"
export { recordsToArrow } from "./recordsToArrow.ts"
