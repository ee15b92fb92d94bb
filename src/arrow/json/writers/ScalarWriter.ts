import { scanNumber } from "../scanNumber.ts"
import type { Scanner } from "../Scanner.ts"
import { ColumnWriter } from "./ColumnWriter.ts"

/** A column of numbers, which lie in an array of its own; a number that does not fit is refused. */
export abstract class ScalarWriter extends ColumnWriter {
  readonly #fits: (value: number) => boolean

  constructor(scanner: Scanner, fits: (value: number) => boolean) {
    super(scanner)
    this.#fits = fits
  }

  scan(scanner: Scanner): boolean {
    const value = scanNumber(scanner)
    if (Number.isNaN(value) || !this.#fits(value)) return false
    this.put(value)
    this.length++
    return true
  }

  protected pad(): void {
    this.put(0)
  }

  flush(): void {
    // nothing lies in the scanner's memory
  }
}
