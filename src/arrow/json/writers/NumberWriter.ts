import { type Data, Float64, makeData } from "apache-arrow"
import { scanNumber } from "../scanNumber.ts"
import type { Scanner } from "../Scanner.ts"
import { ColumnWriter } from "./ColumnWriter.ts"

/** Numbers as 64-bit floating point. */
export class NumberWriter extends ColumnWriter {
  readonly type = new Float64()
  readonly #fits: (value: number) => boolean
  #values = new Float64Array(1024)

  constructor(fits: (value: number) => boolean) {
    super()
    this.#fits = fits
  }

  scan(scanner: Scanner): boolean {
    const value = scanNumber(scanner)
    if (Number.isNaN(value) || !this.#fits(value)) return false
    this.put(value)
    this.length++
    return true
  }

  protected put(value: number): void {
    if (this.length >= this.#values.length) {
      const more = new Float64Array(2 * this.length)
      more.set(this.#values)
      this.#values = more
    }
    this.#values[this.length] = value
  }

  protected pad(): void {
    this.put(0)
  }

  flush(): void {
    // nothing lies in the scanner's memory
  }

  finish(): Data<Float64> {
    const data = this.#values.slice(0, this.length)
    return makeData({ type: this.type, length: data.length, ...this.takeValidity(), data })
  }
}
