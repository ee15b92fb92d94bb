import { type Data, makeData, Utf8 } from "apache-arrow"
import type { Scanner } from "../Scanner.ts"
import { scanText } from "../scanText.ts"
import { ColumnWriter } from "./ColumnWriter.ts"
import { Offsets } from "./Offsets.ts"
import type { TextCheck } from "./textCheck.ts"

/** Bytes of a column before the first batch has told how many are wanted. */
const firstCapacity = 65_536

/** Strings as UTF-8: read into a region of the scanner's memory, from where they are taken from time to time. */
export class TextWriter extends ColumnWriter {
  readonly type = new Utf8()
  readonly #check: TextCheck
  readonly #region: number
  readonly #offsets = new Offsets()
  #end: number
  #markedEnd: number
  #values = Buffer.allocUnsafeSlow(firstCapacity)
  #used = 0

  constructor(scanner: Scanner, check: TextCheck) {
    super()
    this.#check = check
    this.#region = scanner.region()
    this.#end = this.#region
    this.#markedEnd = this.#region
  }

  scan(scanner: Scanner): boolean {
    const end = scanText(scanner, this.#end)
    if (end < 0 || !this.#check(scanner.buffer, this.#end, end)) return false
    this.#end = end
    this.#offsets.put(++this.length, this.#used + end - this.#region)
    return true
  }

  protected put(value: string): void {
    this.#used += this.#room(Buffer.byteLength(value)).write(value, this.#used)
    this.#offsets.put(this.length + 1, this.#used)
  }

  protected pad(): void {
    this.#offsets.put(this.length + 1, this.#used + this.#end - this.#region)
  }

  override mark(): void {
    super.mark()
    this.#markedEnd = this.#end
  }

  override reset(): void {
    super.reset()
    this.#end = this.#markedEnd
  }

  flush(scanner: Scanner): void {
    const bytes = this.#end - this.#region
    if (bytes === 0) return
    this.#room(bytes).set(scanner.bytes.subarray(this.#region, this.#end), this.#used)
    this.#used += bytes
    this.#end = this.#region
    this.#markedEnd = this.#region
  }

  finish(): Data<Utf8> {
    const valueOffsets = this.#offsets.take(this.length)
    const data = this.#values.subarray(0, this.#used)
    // the next batch is likely to be as large
    this.#values = Buffer.allocUnsafeSlow(Math.max(firstCapacity, this.#used + (this.#used >> 4)))
    this.#used = 0
    return makeData({ type: this.type, length: valueOffsets.length - 1, ...this.takeValidity(), valueOffsets, data })
  }

  /** The column with room for so many more bytes. */
  #room(bytes: number): Buffer {
    if (this.#used + bytes > this.#values.length) {
      const more = Buffer.allocUnsafeSlow(Math.max(2 * this.#values.length, this.#used + bytes))
      this.#values.copy(more, 0, 0, this.#used)
      this.#values = more
    }
    return this.#values
  }
}
