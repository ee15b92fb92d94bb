import { type Data, makeData, Utf8 } from "apache-arrow"
import type { Scanner } from "../Scanner.ts"
import { scanText } from "../scanText.ts"
import { ColumnWriter } from "./ColumnWriter.ts"
import { Offsets } from "./Offsets.ts"
import type { TextCheck } from "./textCheck.ts"

/** Bytes of a column before the first batch has told how many are wanted. */
const firstCapacity = 65_536

/** Bytes of which nobody knows what is in them. */
const newBytes = (count: number): Uint8Array<ArrayBuffer> => Buffer.allocUnsafeSlow(count)

/**
 * Strings as UTF-8: read into a region of the scanner's memory. Where the region has no room for what may come next, its
 * text goes into memory of the column; else the column stays where it was read.
 */
export class TextWriter extends ColumnWriter {
  readonly type = new Utf8()
  readonly #check: TextCheck
  readonly #scanner: Scanner
  readonly #region: number
  readonly #offsets = new Offsets()
  #end: number
  #markedEnd: number
  #values: Uint8Array<ArrayBuffer> = new Uint8Array(0)
  #used = 0

  constructor(scanner: Scanner, check: TextCheck) {
    super()
    this.#check = check
    this.#scanner = scanner
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
    const bytes = Buffer.from(value)
    if (this.#hasRoom(bytes.length)) {
      this.#scanner.bytes.set(bytes, this.#end)
      this.#end += bytes.length
    } else {
      this.#spill()
      this.#take(bytes)
    }
    this.#offsets.put(this.length + 1, this.#used + this.#end - this.#region)
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

  flush(): void {
    if (!this.#hasRoom(0)) this.#spill()
  }

  finish(): Data<Utf8> {
    const valueOffsets = this.#offsets.take(this.length)
    if (this.#used > 0) this.#spill()
    const inRegion = this.#scanner.bytes.subarray(this.#region, this.#end)
    const data = this.#used > 0 ? this.#values.subarray(0, this.#used) : inRegion
    // the next batch is likely to be as large
    if (this.#used > 0) this.#values = newBytes(Math.max(firstCapacity, this.#used + (this.#used >> 4)))
    this.#used = 0
    this.#end = this.#region
    this.#markedEnd = this.#region
    return makeData({ type: this.type, length: valueOffsets.length - 1, ...this.takeValidity(), valueOffsets, data })
  }

  /** Whether the region has room for so many bytes and the texts of as many lines as the scanner takes in. */
  #hasRoom(bytes: number): boolean {
    const { capacity, regionBytes } = this.#scanner
    return this.#end - this.#region + bytes + capacity <= regionBytes
  }

  /** Takes what is in the region into memory of the column. */
  #spill(): void {
    if (this.#end === this.#region) return
    this.#take(this.#scanner.bytes.subarray(this.#region, this.#end))
    this.#end = this.#region
    this.#markedEnd = this.#region
  }

  #take(bytes: Uint8Array): void {
    if (this.#used + bytes.length > this.#values.length) {
      const more = newBytes(Math.max(firstCapacity, 2 * this.#values.length, this.#used + bytes.length))
      more.set(this.#values.subarray(0, this.#used))
      this.#values = more
    }
    this.#values.set(bytes, this.#used)
    this.#used += bytes.length
  }
}
