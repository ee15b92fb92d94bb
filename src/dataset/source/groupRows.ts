import type { Problem } from "../../../schemas/mod.ts"
import { createHash } from "node:crypto"
import { Result, Stream } from "effect"
import type { RawRow } from "../../arrow/mod.ts"
import type { Grouping } from "./Source.ts"

/** Rows that are read together, or the one row that cannot be read. */
export interface Group {
  readonly rows: readonly [RawRow, ...ReadonlyArray<RawRow>]
  readonly problem?: Problem
  /** True where rows of the same key came before, apart from these. */
  readonly scattered?: boolean
}

/** Each row by itself. */
export const singly = <E, R>(rows: Stream.Stream<RawRow, E, R>): Stream.Stream<Group, E, R> =>
  Stream.map(rows, (row) => ({ rows: [row] }))

interface Held {
  readonly key: string
  readonly group: Group
}

const release = (held: Held | undefined): ReadonlyArray<Group> => (held ? [held.group] : [])

/** 48 bits of a digest: equal for equal keys, and for others hardly ever. */
const fingerprint = (key: string): number => createHash("sha1").update(key).digest().readUIntBE(0, 6)

/**
 * Rows of one key that lie next to each other.
 *
 * Domain   Memory holds one group, and a number for each key that was seen.
 */
export const together =
  ({ keyOf }: Grouping) =>
  <E, R>(rows: Stream.Stream<RawRow, E, R>): Stream.Stream<Group, E, R> =>
    Stream.suspend(() => {
      const seen = new Set<number>()
      const begin = (key: string, row: RawRow): Held => {
        const mark = fingerprint(key)
        const scattered = seen.has(mark)
        seen.add(mark)
        return { key, group: { rows: [row], ...(scattered ? { scattered } : {}) } }
      }
      return Stream.mapAccum(
        rows,
        (): Held | undefined => undefined,
        (held, row): readonly [Held | undefined, ReadonlyArray<Group>] => {
          const key = keyOf(row.value)
          if (Result.isFailure(key)) return [held, [{ rows: [row], problem: key.failure }]]
          if (held?.key !== key.success) return [begin(key.success, row), release(held)]
          return [{ ...held, group: { ...held.group, rows: [...held.group.rows, row] } }, []]
        },
        { onHalt: release }
      )
    })
