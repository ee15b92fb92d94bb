/**
 * Records in columns, from the lines of a JSON file to an Arrow file without an object for each row.
 *
 * ```ts
 * const rules = { length: textLength({ column: "chosen", unit: "codePoints", minimum: 1 }), same: textsDiffer("chosen", "rejected") }
 * convertColumns({ from: "pairs.jsonl", to: "pairs.arrow", schema: Preference, rules })
 * // the same bytes, where something is to be done with the batches on the way
 * readColumns("pairs.jsonl", Preference).pipe(
 *   Stream.map((batch) => keepRows(rules)(batch).batch),
 *   writeColumns("pairs.arrow", Preference)
 * )
 * ```
 */
export type { ColumnBatch } from "./ColumnBatch.ts"
export { type Converted, type ConvertOptions, convertColumns } from "./convertColumns.ts"
export { type Kept, keepRows } from "./keepRows.ts"
export { readColumns } from "./readColumns.ts"
export type { BatchOptions } from "./rowScannerOf.ts"
export { type Distinct, distinct } from "./rules/distinct.ts"
export type { RowRule } from "./rules/RowRule.ts"
export { textLength } from "./rules/textLength.ts"
export { textsDiffer } from "./rules/textsDiffer.ts"
export { writeColumns } from "./writeColumns.ts"
