import { type ColumnBatch, fromColumns } from "./ColumnBatch.ts"
import { type Dropped, RowFilter } from "./RowFilter.ts"
import type { RowRule } from "./rules/RowRule.ts"
import { takeRows } from "./takeRows.ts"

/** What is left of a batch, and how many rows each rule took out. */
export interface Kept<A, Name extends string> {
  readonly batch: ColumnBatch<A>
  readonly dropped: Dropped<Name>
}

/**
 * Asks the rules of each row of a batch, in order, and keeps the rows that fit all; a row counts for the first rule that it
 * does not fit, and later rules do not see it.
 */
export const keepRows =
  <const Name extends string>(rules: Readonly<Record<Name, RowRule>>) =>
  <A>({ schema, recordBatch }: ColumnBatch<A>): Kept<A, Name> => {
    const filter = new RowFilter(rules)
    const batch = fromColumns(schema, takeRows(recordBatch, filter.rowsOf(recordBatch)))
    return { batch, dropped: filter.dropped }
  }
