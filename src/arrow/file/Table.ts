import type { Result } from "effect"
import type { Trouble } from "./Found.ts"

/** The values of a column: numbers as they lie in memory where the file has them so and none is absent, else one value for each row. */
export type Values =
  | ReadonlyArray<unknown>
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | Float32Array
  | Float64Array

/**
 * Rows of a columnar file that lie together, by column, without an object for each row.
 *
 * Units    `first` is the number of its first row, from 0.
 */
export interface Table {
  readonly first: number
  readonly length: number
  readonly names: ReadonlyArray<string>
  /** Fails with a thrown error on a name that is not in `names`. */
  readonly column: (name: string) => Values
}

/** A table, or why its rows could not be read. */
export type FoundTable = Result.Result<Table, Trouble>
