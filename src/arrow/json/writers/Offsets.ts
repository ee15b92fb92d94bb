import type { Scanner } from "../Scanner.ts"

/** Where each value of a column begins, and the last one ends. */
export class Offsets {
  readonly #scanner: Scanner
  values = new Int32Array(1024)

  constructor(scanner: Scanner) {
    this.#scanner = scanner
  }

  put(index: number, offset: number): void {
    if (index >= this.values.length) {
      const more = new Int32Array(2 * index)
      more.set(this.values)
      this.values = more
      this.#scanner.layout++
    }
    this.values[index] = offset
  }

  /** The offsets of so many values, as a copy. */
  take(length: number): Int32Array {
    return this.values.slice(0, length + 1)
  }
}
