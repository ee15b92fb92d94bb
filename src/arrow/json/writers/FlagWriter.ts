import { Bool, type Data, makeData } from "apache-arrow"
import type { Scanner } from "../Scanner.ts"
import { falseWord, trueWord } from "../skipValue.ts"
import { ColumnWriter } from "./ColumnWriter.ts"
import { packBits } from "./packBits.ts"

/** Booleans, one bit each. */
export class FlagWriter extends ColumnWriter {
  readonly type = new Bool()
  readonly #fits: (value: boolean) => boolean
  #values: Array<boolean> = []

  constructor(fits: (value: boolean) => boolean) {
    super()
    this.#fits = fits
  }

  scan(scanner: Scanner): boolean {
    const value = scanner.takes(trueWord)
    if (!value && !scanner.takes(falseWord)) return false
    if (!this.#fits(value)) return false
    this.#values[this.length++] = value
    return true
  }

  protected put(value: boolean): void {
    this.#values[this.length] = value
  }

  protected pad(): void {
    this.put(false)
  }

  flush(): void {
    // nothing lies in the scanner's memory
  }

  finish(): Data<Bool> {
    const { length } = this
    const data = packBits(length, (i) => this.#values[i] === true)
    this.#values = []
    return makeData({ type: this.type, length, ...this.takeValidity(), data })
  }
}
