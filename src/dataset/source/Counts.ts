/**
 * What became of the rows of a source: rows read, records given, and what was left out by which rule.
 *
 * Units    `rowsIn` and `skipped` in rows, `recordsOut` in records, `dropped` in records that a rule kept from being made. `added`
 *          is how many records more than rows were given by rows of several responses.
 */
export interface Counts {
  rowsIn: number
  recordsOut: number
  added: number
  skipped: number
  scattered: number
  readonly dropped: Record<string, number>
}

/** No rows yet. */
export const noCounts = (): Counts => ({ rowsIn: 0, recordsOut: 0, added: 0, skipped: 0, scattered: 0, dropped: {} })
