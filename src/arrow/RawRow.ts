/**
 * A row of a file before it is a record: what was parsed, and where it lies.
 *
 * Units    lines count from 1, rows from 0, as errors call them.
 */
export interface RawRow {
  readonly place: "line" | "row"
  readonly number: number
  readonly value: unknown
}
