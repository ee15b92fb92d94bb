/** Rows that could not be read for one reason, and what the first of them say. */
export interface SkippedRows {
  readonly rows: number
  readonly examples: ReadonlyArray<string>
}

/**
 * What became of the rows of a source.
 *
 * Units    `rowsIn` in rows of the files, those that could not be read among them; `recordsOut` in records; `skipped` by the tag of
 *          the error; `dropped` in records by the rule of the data set that kept them from being made; `added` is how many records
 *          more than rows were given by rows of several responses; `scattered` in rows apart from others of their key.
 */
export interface DataCounts {
  readonly rowsIn: number
  readonly recordsOut: number
  readonly skipped: Readonly<Record<string, SkippedRows>>
  readonly dropped: Readonly<Record<string, number>>
  readonly added: number
  readonly scattered: number
}

/** Messages that are kept for each reason. */
const shown = 3

type Filling<A> = { -readonly [K in keyof A]: A[K] }

/** Counts that are being filled. */
export class Tally {
  readonly #skipped = new Map<string, { rows: number; examples: Array<string> }>()
  readonly #dropped = new Map<string, number>()
  readonly counted: Filling<Omit<DataCounts, "skipped" | "dropped">> = {
    rowsIn: 0,
    recordsOut: 0,
    added: 0,
    scattered: 0
  }

  skip(reason: string, rows: number, message: string): void {
    const before = this.#skipped.get(reason) ?? { rows: 0, examples: [] }
    before.rows += rows
    if (before.examples.length < shown) before.examples.push(message)
    this.#skipped.set(reason, before)
  }

  /** Rows that were read and could not be parsed. */
  lose(reason: string, rows: number, message: string): void {
    this.counted.rowsIn += rows
    this.skip(reason, rows, message)
  }

  drop(rule: string, records: number): void {
    this.#dropped.set(rule, (this.#dropped.get(rule) ?? 0) + records)
  }

  counts(): DataCounts {
    const skipped = [...this.#skipped].map(([reason, { examples, rows }]) => [
      reason,
      { rows, examples: [...examples] }
    ])
    return {
      ...this.counted,
      skipped: Object.fromEntries(skipped),
      dropped: Object.fromEntries(this.#dropped)
    }
  }
}
