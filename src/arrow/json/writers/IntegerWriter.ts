import { type Data, Int64, makeData } from "apache-arrow"
import { ScalarWriter } from "./ScalarWriter.ts"

const word = 2 ** 32

/**
 * Integers as 64-bit signed integers.
 *
 * Domain   |n| < 2⁵³, as the check asks; −0 becomes 0.
 */
export class IntegerWriter extends ScalarWriter {
  readonly type = new Int64()
  /** Low and high halves in turn. */
  #halves = new Int32Array(2048)

  protected put(value: number): void {
    if (2 * this.length >= this.#halves.length) {
      const more = new Int32Array(4 * this.length)
      more.set(this.#halves)
      this.#halves = more
    }
    this.#halves[2 * this.length] = value % word
    this.#halves[2 * this.length + 1] = Math.floor(value / word)
  }

  finish(): Data<Int64> {
    const halves = this.#halves.slice(0, 2 * this.length)
    const data = new BigInt64Array(halves.buffer)
    return makeData({ type: this.type, length: data.length, ...this.takeValidity(), data })
  }
}
