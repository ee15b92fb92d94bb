import type { Shape } from "../kernel/Shape.ts"
import { scanNumber } from "../scanNumber.ts"
import type { Scanner } from "../Scanner.ts"
import type { Tape } from "../Tape.ts"
import { ColumnWriter } from "./ColumnWriter.ts"

/** A column of numbers, which lie in an array of its own; a number that does not fit is refused. */
export abstract class ScalarWriter extends ColumnWriter {
  readonly #fits: (value: number) => boolean

  constructor(scanner: Scanner, fits: (value: number) => boolean) {
    super(scanner)
    this.#fits = fits
  }

  get shape(): Shape {
    return { kind: "number" }
  }

  scan(scanner: Scanner): boolean {
    const value = scanNumber(scanner)
    return !Number.isNaN(value) && this.#take(value)
  }

  replay(tape: Tape): boolean {
    return this.#take(tape.number())
  }

  #take(value: number): boolean {
    if (!this.#fits(value)) return false
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
