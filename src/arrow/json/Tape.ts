import { tapeBytes } from "./kernel/readRow.ts"

const wordBytes = 4

/** What the kernel tells of a row, word by word. */
export class Tape {
  /** Where it begins in memory. */
  readonly start: number
  readonly #words: Int32Array
  readonly #halves = new Int32Array(2)
  readonly #number = new Float64Array(this.#halves.buffer)
  #at = 0

  constructor(memory: Uint8Array<ArrayBuffer>, start: number) {
    this.start = start
    this.#words = new Int32Array(memory.buffer, start, tapeBytes / wordBytes)
  }

  rewind(): void {
    this.#at = 0
  }

  word(): number {
    return this.#words[this.#at++] ?? 0
  }

  number(): number {
    this.#halves[0] = this.word()
    this.#halves[1] = this.word()
    return this.#number[0] ?? 0
  }
}
