import type { RecordSchema } from "./RecordSchema.ts"

/**
 * A few hundred records that travel together: rows of A, or one column of them.
 *
 * Rows and columns are decoded when first asked for.
 */
export interface Batch<out A> {
  readonly schema: RecordSchema<A>
  readonly length: number
  readonly rows: ReadonlyArray<A>
  readonly column: <K extends keyof A>(name: K) => ReadonlyArray<A[K]>
}

/** A batch of records that are already in memory. */
export const fromRows = <A>(schema: RecordSchema<A>, rows: ReadonlyArray<A>): Batch<A> => ({
  schema,
  length: rows.length,
  rows,
  column: (name) => rows.map((row) => row[name])
})
