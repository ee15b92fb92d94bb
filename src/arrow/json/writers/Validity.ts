import type { Scanner } from "../Scanner.ts"

/** Values that may come before a column must settle again. */
export const settleEvery = 64

/** What Arrow wants to know of absent values. */
interface Absences {
  readonly nullCount: number
  readonly nullBitmap?: Uint8Array
}

/** Bytes of the bits of so many values, in whole words of 64. */
const bytesOf = (length: number): number => Math.ceil(length / 64) * 8

/** Which values of a column are present: one bit each, as Arrow keeps them, from the first absent value on. */
export class Validity {
  readonly #scanner: Scanner
  /** Empty while no value is absent; all bits are set but those of absent values. */
  #bits = new Uint8Array(0)
  /** Bytes that were needed before. */
  #capacity = 8

  constructor(scanner: Scanner) {
    this.#scanner = scanner
  }

  /** Says that a value is absent. */
  clear(index: number): void {
    this.#reserve(index + 1)
    this.#bits[index >> 3] = (this.#bits[index >> 3] ?? 0) & ~(1 << (index & 7))
  }

  /** Has bits for so many values, if for any. */
  cover(length: number): void {
    if (this.#bits.length > 0 && length > 8 * this.#bits.length) this.#reserve(length)
  }

  /** Says of values that they are present. */
  restore(from: number, to: number): void {
    if (this.#bits.length === 0) return
    for (let i = from; i < to; i++) this.#bits[i >> 3] = (this.#bits[i >> 3] ?? 0) | (1 << (i & 7))
  }

  restart(): void {
    this.#capacity = Math.max(this.#capacity, this.#bits.length)
    this.#bits = new Uint8Array(0)
  }

  /** The bits where they lie; how many are clear is not counted. */
  view(): Absences {
    return this.#bits.length === 0 ? { nullCount: 0 } : { nullCount: 1, nullBitmap: this.#bits }
  }

  /** The bits of so many values. */
  take(length: number): Absences {
    this.cover(length)
    const bits = this.#bits.slice(0, bytesOf(length))
    let present = 0
    for (let i = 0; i < bits.length; i++) {
      const kept = Math.min(8, Math.max(0, length - 8 * i))
      const byte = (bits[i] ?? 0) & ((1 << kept) - 1)
      bits[i] = byte
      for (let rest = byte; rest > 0; rest &= rest - 1) present++
    }
    const nullCount = bits.length === 0 ? 0 : length - present
    return nullCount === 0 ? { nullCount } : { nullCount, nullBitmap: bits }
  }

  #reserve(length: number): void {
    if (length <= 8 * this.#bits.length) return
    const more = new Uint8Array(Math.max(this.#capacity, bytesOf(Math.max(2 * length, length + settleEvery)))).fill(
      0xff
    )
    more.set(this.#bits)
    this.#bits = more
    this.#scanner.layout++
  }
}
