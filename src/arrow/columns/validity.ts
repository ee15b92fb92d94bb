import type { Cell } from "./Column.ts"

/** Which values are present, one bit each, least significant bit first; no bitmap when all are. */
export const validity = (values: ReadonlyArray<Cell<unknown>>): { nullCount: number; nullBitmap?: Uint8Array } => {
  const nullBitmap = new Uint8Array(Math.ceil(values.length / 64) * 8)
  let nullCount = 0
  for (let i = 0; i < values.length; i++) {
    if (values[i] === null || values[i] === undefined) nullCount++
    else nullBitmap[i >> 3] = (nullBitmap[i >> 3] ?? 0) | (1 << (i & 7))
  }
  return nullCount === 0 ? { nullCount } : { nullCount, nullBitmap }
}
