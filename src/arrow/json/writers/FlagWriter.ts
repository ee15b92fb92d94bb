import { Bool, type Data, makeData } from "apache-arrow"
import type { Shape } from "../kernel/Shape.ts"
import type { Scanner } from "../Scanner.ts"
import { falseWord, trueWord } from "../skipValue.ts"
import type { Tape } from "../Tape.ts"
import { ColumnWriter } from "./ColumnWriter.ts"
import { packBits } from "./packBits.ts"

/** Booleans, one bit each. */
export class FlagWriter extends ColumnWriter {
  readonly type = new Bool()
  readonly #fits: (value: boolean) => boolean
  #bits = new Uint8Array(1024)

  constructor(scanner: Scanner, fits: (value: boolean) => boolean) {
    super(scanner)
    this.#fits = fits
  }

  get shape(): Shape {
    return { kind: "flag" }
  }

  scan(scanner: Scanner): boolean {
    const value = scanner.takes(trueWord)
    if (!value && !scanner.takes(falseWord)) return false
    return this.#take(value)
  }

  replay(tape: Tape): boolean {
    return this.#take(tape.word() === 1)
  }

  #take(value: boolean): boolean {
    if (!this.#fits(value)) return false
    this.put(value)
    this.length++
    return true
  }

  protected put(value: boolean): void {
    const at = this.length >> 3
    if (at >= this.#bits.length) {
      const more = new Uint8Array(2 * at)
      more.set(this.#bits)
      this.#bits = more
      this.scanner.layout++
    }
    const bit = 1 << (this.length & 7)
    this.#bits[at] = value ? (this.#bits[at] ?? 0) | bit : (this.#bits[at] ?? 0) & ~bit
  }

  protected pad(): void {
    this.put(false)
  }

  flush(): void {
    // nothing lies in the scanner's memory
  }

  view(): Data<Bool> {
    return makeData({ type: this.type, length: this.length, ...this.validity.view(), data: this.#bits })
  }

  finish(): Data<Bool> {
    const { type, length } = this
    const bits = packBits(length, (i) => (((this.#bits[i >> 3] ?? 0) >> (i & 7)) & 1) === 1)
    const data = makeData({ type, length, ...this.validity.take(length), data: bits })
    this.restart()
    return data
  }
}
