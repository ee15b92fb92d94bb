/** Runs of levels or of places in a dictionary that are longer than their page allows. */
export class RunsBroken extends Error {}

/** Where runs lie, and what they hold. Units: `width` in bits; `count` in values. */
export interface Runs {
  readonly bytes: Uint8Array
  readonly start: number
  readonly end: number
  readonly width: number
  readonly count: number
  /** The largest value that makes sense. */
  readonly largest: number
}

/** Values beyond `count` that writers fill the last packed run up with. */
const mostFilling = 4096
/** An integer of 32 bits, seven to a byte. */
const longestHeader = 5

const headerAt = ({ bytes, end }: Runs, start: number): { readonly value: number; readonly next: number } => {
  let value = 0
  for (let i = 0; i < longestHeader && start + i < end; i++) {
    const byte = bytes[start + i] ?? 0
    value += (byte & 0x7f) * 2 ** (7 * i)
    if (byte < 0x80) return { value, next: start + i + 1 }
  }
  throw new RunsBroken(`no header of a run at byte ${start}`)
}

/** How many of the packed values are `counted`. */
const countPacked = ({ bytes, width, largest }: Runs, start: number, count: number, counted: number): number => {
  const mask = 2 ** width - 1
  let equal = 0
  let held = 0
  let bits = 0
  let at = start
  for (let i = 0; i < count; i++) {
    for (; bits < width; bits += 8) held |= (bytes[at++] ?? 0) << bits
    const value = held & mask
    if (value > largest) throw new RunsBroken(`the level ${value}, wanted at most ${largest}`)
    if (value === counted) equal++
    held >>>= width
    bits -= width
  }
  return equal
}

/**
 * Follows runs in Parquet's hybrid of repeated and packed values, and counts those that equal `counted`; without it packed
 * values are passed over.
 *
 * Source   Parquet format, Encodings: Run Length Encoding / Bit-Packing Hybrid.
 * Domain   width ≤ 24 where values are counted.
 * Fails    RunsBroken, thrown
 */
export const walkRuns = (runs: Runs, counted?: number): number => {
  const { bytes, end, width, count, largest } = runs
  const wide = Math.ceil(width / 8)
  let equal = 0
  let at = runs.start
  for (let seen = 0; seen < count;) {
    const { value: header, next } = headerAt(runs, at)
    const isPacked = header % 2 === 1
    const length = isPacked ? Math.floor(header / 2) * 8 : header / 2
    const used = Math.min(length, count - seen)
    const size = isPacked ? Math.ceil((used * width) / 8) : wide
    if (length - used > (isPacked ? mostFilling : 0)) throw new RunsBroken(`a run of ${length} values for ${used}`)
    if (size > end - next) throw new RunsBroken(`a run of ${size} bytes, ${end - next} bytes before its end`)
    if (isPacked) {
      if (counted !== undefined) equal += countPacked(runs, next, used, counted)
      at = next + (length * width) / 8
    } else {
      let value = 0
      for (let i = 0; i < wide; i++) value += (bytes[next + i] ?? 0) * 2 ** (8 * i)
      if (value > largest) throw new RunsBroken(`the value ${value}, wanted at most ${largest}`)
      if (value === counted) equal += used
      at = next + size
    }
    seen += used
  }
  return equal
}
