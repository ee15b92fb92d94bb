import { Result, Stream } from "effect"
import type { Problem, RawRow } from "../../arrow/mod.ts"
import type { Grouping } from "./Source.ts"

/** Rows that are read together, or the one row that cannot be read. */
export type Group = { readonly rows: readonly [RawRow, ...ReadonlyArray<RawRow>]; readonly problem?: Problem }

/** Each row by itself. */
export const singly = <E, R>(rows: Stream.Stream<RawRow, E, R>): Stream.Stream<Group, E, R> =>
  Stream.map(rows, (row) => ({ rows: [row] }))

interface Held {
  readonly key: string
  readonly rows: readonly [RawRow, ...ReadonlyArray<RawRow>]
}

const release = (held: Held | undefined): ReadonlyArray<Group> => (held ? [{ rows: held.rows }] : [])

/** Rows of one key that lie next to each other; memory holds one group. */
export const together =
  ({ keyOf }: Grouping) =>
  <E, R>(rows: Stream.Stream<RawRow, E, R>): Stream.Stream<Group, E, R> =>
    Stream.mapAccum(
      rows,
      (): Held | undefined => undefined,
      (held, row): readonly [Held | undefined, ReadonlyArray<Group>] => {
        const key = keyOf(row.value)
        if (Result.isFailure(key)) return [held, [{ rows: [row], problem: key.failure }]]
        if (held?.key === key.success) return [{ ...held, rows: [...held.rows, row] }, []]
        return [{ key: key.success, rows: [row] }, release(held)]
      },
      { onHalt: release }
    )
