import { type ColumnBatch, fromColumns } from "./ColumnBatch.ts"
import type { RowRule } from "./rules/RowRule.ts"
import { takeRows } from "./takeRows.ts"

/** What is left of a batch, and how many rows each rule took out. */
export interface Kept<A, Name extends string> {
  readonly batch: ColumnBatch<A>
  readonly dropped: Readonly<Record<Name, number>>
}

/**
 * Asks the rules of each row of a batch, in order, and keeps the rows that fit all; a row counts for the first rule that it
 * does not fit, and later rules do not see it.
 */
export const keepRows =
  <const Name extends string>(rules: Readonly<Record<Name, RowRule>>) =>
  <A>({ schema, recordBatch }: ColumnBatch<A>): Kept<A, Name> => {
    const asked = Object.entries<RowRule>(rules).map(([name, rule]) => ({ name, keeps: rule(recordBatch), dropped: 0 }))
    const rows: Array<number> = []
    for (let row = 0; row < recordBatch.numRows; row++) {
      const refused = asked.find(({ keeps }) => !keeps(row))
      if (refused === undefined) rows.push(row)
      else refused.dropped++
    }
    const dropped = Object.fromEntries(asked.map(({ name, dropped: count }) => [name, count]))
    // the names are those of the rules
    return { batch: fromColumns(schema, takeRows(recordBatch, rows)), dropped: dropped as Record<Name, number> }
  }
