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
      this.scanner.layout++
    }
    this.#halves[2 * this.length] = value % word
    this.#halves[2 * this.length + 1] = Math.floor(value / word)
  }

  view(): Data<Int64> {
    const data = new BigInt64Array(this.#halves.buffer)
    return makeData({ type: this.type, length: this.length, ...this.validity.view(), data })
  }

  finish(): Data<Int64> {
    const { type, length } = this
    const halves = this.#halves.slice(0, 2 * length)
    const data = makeData({ type, length, ...this.validity.take(length), data: new BigInt64Array(halves.buffer) })
    this.restart()
    return data
  }
}
