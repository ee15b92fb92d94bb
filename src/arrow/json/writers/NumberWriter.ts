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
    }
    this.#values[this.length] = value
  }

  finish(): Data<Float64> {
    const data = this.#values.slice(0, this.length)
    return makeData({ type: this.type, length: data.length, ...this.takeValidity(), data })
  }
}
