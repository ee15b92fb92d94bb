import type { Line } from "../arrow/mod.ts"

/**
 * Where the rows of a file lie, without the rows: 16 bytes for each.
 *
 * Units    `offsets` and `lengths` in bytes of the file, unpacked; `lines` count from 1.
 */
export interface RowIndex {
  readonly length: number
  readonly offsets: Float64Array
  readonly lengths: Int32Array
  readonly lines: Int32Array
}

/** A column of numbers that grows at its end. */
export class Growing<A extends Float64Array | Int32Array> {
  private readonly make: (length: number) => A
  private held: A
  length = 0

  constructor(make: (length: number) => A) {
    this.make = make
    this.held = make(1024)
  }

  push(x: number): void {
    if (this.length === this.held.length) {
      const larger = this.make(2 * this.length)
      larger.set(this.held)
      this.held = larger
    }
    this.held[this.length++] = x
  }

  /** What was pushed as the `i`-th. */
  at(i: number): number {
    return this.held[i] ?? 0
  }

  /** What was pushed. */
  get numbers(): A {
    return this.held.subarray(0, this.length) as A // as: a part of an array is of its kind
  }
}

/** Collects where lines lie. */
export const places = () => {
  const offsets = new Growing((length) => new Float64Array(length))
  const lengths = new Growing((length) => new Int32Array(length))
  const lines = new Growing((length) => new Int32Array(length))
  return {
    push: ({ bytes, number, offset }: Line): void => {
      offsets.push(offset)
      lengths.push(bytes.length)
      lines.push(number)
    },
    index: (): RowIndex => ({
      length: offsets.length,
      offsets: offsets.numbers,
      lengths: lengths.numbers,
      lines: lines.numbers
    })
  }
}
