import type { Data } from "apache-arrow"

/** Offsets that go backwards or beyond the values of a column, or places beyond its dictionary. */
export class OffsetsBroken extends Error {
  constructor(row: number) {
    super(`row ${row} of its batch lies outside of its column`)
  }
}

/**
 * Where each value of a column of texts or lists begins, and behind the last one where it ends.
 *
 * Fails    OffsetsBroken, thrown, where they go backwards or beyond `length`
 */
export const arrowOffsets = (data: Data, length: number): Int32Array | Float64Array => {
  const found = data.valueOffsets as Int32Array | BigInt64Array // of a column of texts or lists, wide ones of 64 bits
  if (data.length === 0) return new Int32Array(1)
  const offsets = found instanceof BigInt64Array ? Float64Array.from(found, Number) : found
  if (offsets.length <= data.length) throw new OffsetsBroken(offsets.length)
  let before = 0
  for (let i = 0; i <= data.length; i++) {
    const next = offsets[i] ?? -1
    if (next < before || next > length) throw new OffsetsBroken(Math.max(0, i - 1))
    before = next
  }
  return offsets
}
