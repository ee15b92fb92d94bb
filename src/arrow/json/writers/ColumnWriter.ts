import type { Data, DataType } from "apache-arrow"
import type { Shape } from "../kernel/Shape.ts"
import type { Scanner } from "../Scanner.ts"
import type { Tape } from "../Tape.ts"
import { settleEvery, Validity } from "./Validity.ts"

/**
 * A column that grows by a value at a time, and takes back its last values.
 *
 * `scan` reads one JSON value, `replay` takes one that the kernel read; where the value does not fit they give false, and
 * the column is in disorder until `reset`.
 */
export abstract class ColumnWriter {
  abstract readonly type: DataType
  /** Values so far. */
  length = 0
  protected readonly scanner: Scanner
  protected readonly validity: Validity

  constructor(scanner: Scanner) {
    this.scanner = scanner
    this.validity = new Validity(scanner)
  }

  /** What the kernel must know to read values. */
  abstract get shape(): Shape
  abstract scan(scanner: Scanner): boolean
  abstract replay(tape: Tape): boolean
  /** Writes a value that was parsed elsewhere. */
  protected abstract put(value: unknown): void
  /** Writes something where no value is. */
  protected abstract pad(): void
  /** Makes room in the scanner's memory for as many lines as it takes in. */
  abstract flush(): void
  /** The column so far, where it lies; values that come later are in it too, until the scanner's layout changes. */
  abstract view(): Data
  /** The column so far; the next one begins, and the scanner's layout changes. */
  abstract finish(): Data

  append(value: unknown): void {
    if (value === null || value === undefined) this.absent()
    else {
      this.put(value)
      this.length++
    }
  }

  absent(): void {
    this.validity.clear(this.length)
    this.pad()
    this.length++
  }

  /** Takes back all values but the first so many, and what is left of one that did not fit. */
  reset(length: number): void {
    this.validity.restore(length, this.length)
    this.length = length
  }

  /** Has a place in memory for whether each value is present, and for as many values more as `settleEvery` says. */
  settle(): void {
    this.validity.cover(this.length + settleEvery)
  }

  /** The column begins again. */
  protected restart(): void {
    this.validity.restart()
    this.length = 0
    this.scanner.layout++
  }
}
