import type { RecordBatch } from "apache-arrow"
import type { RowRule } from "./rules/RowRule.ts"

/** How many rows each rule took out. */
export type Dropped<Name extends string> = Readonly<Record<Name, number>>

/** A rule, and what it says of rows of the batch that is looked at. */
interface Asked {
  readonly name: string
  readonly rule: RowRule
  keeps: (row: number) => boolean
  dropped: number
}

/** Asks rules of rows, in order; a row counts for the first rule that it does not fit. */
export class RowFilter<const Name extends string> {
  readonly #asked: ReadonlyArray<Asked>

  constructor(rules: Readonly<Record<Name, RowRule>>) {
    this.#asked = Object.entries<RowRule>(rules).map(([name, rule]) => ({
      name,
      rule,
      keeps: () => true,
      dropped: 0
    }))
  }

  /** Rows are those of this batch from now on. */
  look(batch: RecordBatch): void {
    for (const asked of this.#asked) asked.keeps = asked.rule(batch)
  }

  /** The rows of a batch that fit all rules, by their numbers. */
  rowsOf(batch: RecordBatch): ReadonlyArray<number> {
    this.look(batch)
    const rows: Array<number> = []
    for (let row = 0; row < batch.numRows; row++) if (this.keeps(row)) rows.push(row)
    return rows
  }

  /** Whether a row fits all rules; it counts once. */
  keeps(row: number): boolean {
    // an iterator would make an object for each row
    for (let i = 0; i < this.#asked.length; i++) {
      const asked = this.#asked[i]
      if (asked === undefined || asked.keeps(row)) continue
      asked.dropped++
      return false
    }
    return true
  }

  /** How many rows each rule took out so far. */
  get dropped(): Dropped<Name> {
    const counts = Object.fromEntries(this.#asked.map(({ name, dropped }) => [name, dropped]))
    return counts as Dropped<Name> // the names are those of the rules
  }
}
