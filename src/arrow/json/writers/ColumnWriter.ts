import type { Data, DataType } from "apache-arrow"
import type { Scanner } from "../Scanner.ts"
import { packBits } from "./packBits.ts"

/** What Arrow wants to know of absent values. */
interface Validity {
  readonly nullCount: number
  readonly nullBitmap?: Uint8Array
}

/**
 * A column that grows by a value at a time, and takes back what was written since the last mark.
 *
 * `scan` reads one JSON value; where the value does not fit it gives false, and the column is in disorder until `reset`.
 */
export abstract class ColumnWriter {
  abstract readonly type: DataType
  /** Values so far. */
  length = 0
  #marked = 0
  /** One byte for each value up to the last absent one: 1 where it is absent. */
  #absent = new Uint8Array(0)

  abstract scan(scanner: Scanner): boolean
  /** Writes a value that was parsed elsewhere. */
  protected abstract put(value: unknown): void
  /** Writes something where no value is. */
  protected abstract pad(): void
  /** Makes room in the scanner's memory for as many lines as it takes in. */
  abstract flush(): void
  /** The column so far; the next one begins. */
  abstract finish(): Data

  append(value: unknown): void {
    if (value === null || value === undefined) this.absent()
    else {
      this.put(value)
      this.length++
    }
  }

  absent(): void {
    if (this.length >= this.#absent.length) {
      const more = new Uint8Array(2 * this.length + 64)
      more.set(this.#absent)
      this.#absent = more
    }
    this.#absent[this.length] = 1
    this.pad()
    this.length++
  }

  mark(): void {
    this.#marked = this.length
  }

  reset(): void {
    this.#absent.fill(0, this.#marked, this.length)
    this.length = this.#marked
  }

  /** How many are absent, and which bits say so; the writer begins again. */
  protected takeValidity(): Validity {
    const { length } = this
    const absent = this.#absent.subarray(0, length)
    let nullCount = 0
    for (const byte of absent) nullCount += byte
    this.#absent = new Uint8Array(0)
    this.length = 0
    this.#marked = 0
    return nullCount === 0 ? { nullCount } : { nullCount, nullBitmap: packBits(length, (i) => absent[i] !== 1) }
  }
}
