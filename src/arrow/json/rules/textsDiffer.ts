import { presenceOf, textOf } from "./columnOf.ts"
import type { RowRule } from "./RowRule.ts"

/** Keeps rows whose two texts are not the same, as chosen and rejected must not be; absent equals absent. */
export const textsDiffer =
  (first: string, second: string): RowRule =>
  (batch) => {
    const a = textOf(batch, first)
    const b = textOf(batch, second)
    const hasFirst = presenceOf(a)
    const hasSecond = presenceOf(b)
    return (row) => {
      if (hasFirst(row) !== hasSecond(row)) return true
      if (!hasFirst(row)) return false
      const start = a.valueOffsets[row] ?? 0
      const other = b.valueOffsets[row] ?? 0
      const length = (a.valueOffsets[row + 1] ?? 0) - start
      if ((b.valueOffsets[row + 1] ?? 0) - other !== length) return true
      let i = 0
      while (i < length && a.values[start + i] === b.values[other + i]) i++
      return i < length
    }
  }
