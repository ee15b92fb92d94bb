import { type Data, Float64, makeData } from "apache-arrow"
import { ScalarWriter } from "./ScalarWriter.ts"

/** Numbers as 64-bit floating point. */
export class NumberWriter extends ScalarWriter {
  readonly type = new Float64()
  #values = new Float64Array(1024)

  protected put(value: number): void {
    if (this.length >= this.#values.length) {
      const more = new Float64Array(2 * this.length)
      more.set(this.#values)
      this.#values = more
      this.scanner.layout++
    }
    this.#values[this.length] = value
  }

  view(): Data<Float64> {
    return makeData({ type: this.type, length: this.length, ...this.validity.view(), data: this.#values })
  }

  finish(): Data<Float64> {
    const { type, length } = this
    const data = makeData({ type, length, ...this.validity.take(length), data: this.#values.slice(0, length) })
    this.restart()
    return data
  }
}
