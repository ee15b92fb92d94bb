import type { RecordBatch } from "apache-arrow"
import type { RowRule } from "./rules/RowRule.ts"

/** How many rows each rule took out. */
export type Dropped<Name extends string> = Readonly<Record<Name, number>>

/** The rows that are kept, by their numbers, and how many each rule took out. */
export interface Chosen<Name extends string> {
  readonly rows: ReadonlyArray<number>
  readonly dropped: Dropped<Name>
}

/** Asks the rules of each row of a batch, in order; a row counts for the first rule that it does not fit. */
export const chooseRows =
  <const Name extends string>(rules: Readonly<Record<Name, RowRule>>) =>
  (batch: RecordBatch): Chosen<Name> => {
    const asked = Object.entries<RowRule>(rules).map(([name, rule]) => ({ name, keeps: rule(batch), dropped: 0 }))
    const rows: Array<number> = []
    for (let row = 0; row < batch.numRows; row++) {
      let i = 0
      while (asked[i]?.keeps(row) === true) i++
      const refused = asked[i]
      if (refused === undefined) rows.push(row)
      else refused.dropped++
    }
    const dropped = Object.fromEntries(asked.map(({ name, dropped: count }) => [name, count]))
    return { rows, dropped: dropped as Dropped<Name> } // the names are those of the rules
  }

/** Both counts together. */
export const addDropped = <Name extends string>(a: Dropped<Name>, b: Dropped<Name>): Dropped<Name> =>
  // the names are those of the rules
  Object.fromEntries(
    Object.entries<number>(b).map(([name, count]) => [name, count + (a[name as Name] ?? 0)])
  ) as Dropped<Name>
