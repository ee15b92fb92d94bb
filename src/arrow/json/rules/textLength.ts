import { presenceOf, textOf } from "./columnOf.ts"
import type { RowRule } from "./RowRule.ts"

/** What a text is measured in. */
const units = {
  bytes: (_: Uint8Array, start: number, end: number) => end - start,
  codePoints: (bytes: Uint8Array, start: number, end: number) => {
    let count = 0
    // a code point has one byte that is not a continuation
    for (let i = start; i < end; i++) if (((bytes[i] ?? 0) & 0xc0) !== 0x80) count++
    return count
  }
} as const

/**
 * Keeps rows whose text is neither too short nor too long; both bounds are allowed. A row without the text is kept.
 *
 * Units    UTF-8 bytes or code points, as `unit` says.
 */
export const textLength =
  (options: {
    readonly column: string
    readonly unit: keyof typeof units
    readonly minimum?: number
    readonly maximum?: number
  }): RowRule =>
  (batch) => {
    const data = textOf(batch, options.column)
    const { valueOffsets, values } = data
    const { minimum = 0, maximum = Infinity } = options
    const measure = units[options.unit]
    const isPresent = presenceOf(data)
    return (row) => {
      if (!isPresent(row)) return true
      const length = measure(values, valueOffsets[row] ?? 0, valueOffsets[row + 1] ?? 0)
      return length >= minimum && length <= maximum
    }
  }
