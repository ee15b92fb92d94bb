import type { Data, DataType } from "apache-arrow"

/** A value as it lies in a column: null is an absent one. */
export type Cell<T> = T | null | undefined

/**
 * How values of one kind lie in an Arrow column.
 *
 * `write` and `read` are methods on purpose: a method's parameter is compared both ways, so that a column of any kind is
 * a `Column<unknown>`; which values meet which column is known from the schema both were derived from.
 */
export interface Column<T = unknown> {
  readonly type: DataType
  write(values: ReadonlyArray<Cell<T>>): Data
  read(data: Data): (index: number) => T | null
}
