import type { Data, DataType } from "apache-arrow"
import type { Scanner } from "../Scanner.ts"
import { Validity } from "./Validity.ts"

/**
 * A column that grows by a value at a time, and takes back what was written since the last mark.
 *
 * `scan` reads one JSON value; where the value does not fit it gives false, and the column is in disorder until `reset`.
 */
export abstract class ColumnWriter {
  abstract readonly type: DataType
  /** Values so far. */
  length = 0
  protected readonly scanner: Scanner
  protected readonly validity: Validity
  #marked = 0

  constructor(scanner: Scanner) {
    this.scanner = scanner
    this.validity = new Validity(scanner)
  }

  abstract scan(scanner: Scanner): boolean
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

  mark(): void {
    this.#marked = this.length
    this.validity.cover(this.length + 1)
  }

  reset(): void {
    this.validity.restore(this.#marked, this.length)
    this.length = this.#marked
  }

  /** Has a place in memory for whether each value is present. */
  settle(): void {
    this.validity.cover(this.length)
  }

  /** The column begins again. */
  protected restart(): void {
    this.validity.restart()
    this.length = 0
    this.#marked = 0
    this.scanner.layout++
  }
}
