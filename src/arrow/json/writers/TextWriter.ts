import { type Data, makeData, Utf8 } from "apache-arrow"
import type { Shape } from "../kernel/Shape.ts"
import type { Scanner } from "../Scanner.ts"
import { scanText } from "../scanText.ts"
import type { Tape } from "../Tape.ts"
import { ColumnWriter } from "./ColumnWriter.ts"
import { Offsets } from "./Offsets.ts"
import type { TextCheck } from "./textCheck.ts"

/** Bytes of a column before the first batch has told how many are wanted. */
const firstCapacity = 65_536

/** Bytes of which nobody knows what is in them. */
const newBytes = (count: number): Uint8Array<ArrayBuffer> => Buffer.allocUnsafeSlow(count)

/**
 * Strings as UTF-8: read into a region of the scanner's memory. Where the region has no room for what may come next, its
 * text goes into memory of the column; else the column stays where it was read, and the next one goes into the next region.
 */
export class TextWriter extends ColumnWriter {
  readonly type = new Utf8()
  readonly #check: TextCheck
  readonly #regions: Array<number>
  readonly #offsets: Offsets
  readonly #slot: number
  #region: number
  #values: Uint8Array<ArrayBuffer> = new Uint8Array(0)
  #used = 0

  constructor(scanner: Scanner, check: TextCheck) {
    super(scanner)
    this.#check = check
    this.#offsets = new Offsets(scanner)
    this.#regions = Array.from({ length: scanner.turns }, () => scanner.region())
    this.#region = this.#regions[0] ?? scanner.scratch
    this.#slot = scanner.slot()
    this.#end = this.#region
  }

  get shape(): Shape {
    return { kind: "text", slot: this.#slot }
  }

  replay(tape: Tape): boolean {
    const before = this.#used - this.#region
    const start = (this.#offsets.values[this.length] ?? 0) - before
    const end = tape.word()
    if (!this.#check(this.scanner.buffer, start, end)) return false
    this.#offsets.put(++this.length, end + before)
    if (this.#used > 0) this.scanner.layout++
    return true
  }

  scan(scanner: Scanner): boolean {
    const end = scanText(scanner, this.#end)
    if (end < 0 || !this.#check(scanner.buffer, this.#end, end)) return false
    this.#end = end
    this.#tell(++this.length)
    return true
  }

  protected put(value: string): void {
    const bytes = Buffer.from(value)
    if (this.#hasRoom(bytes.length)) {
      this.scanner.bytes.set(bytes, this.#end)
      this.#end += bytes.length
    } else {
      this.#spill()
      this.#take(bytes)
    }
    this.#tell(this.length + 1)
  }

  protected pad(): void {
    this.#tell(this.length + 1)
  }

  override reset(length: number): void {
    super.reset(length)
    const size = this.#offsets.values[length] ?? 0
    this.#used = Math.min(this.#used, size)
    this.#end = this.#region + size - this.#used
  }

  flush(): void {
    if (!this.#hasRoom(0)) this.#spill()
  }

  view(): Data<Utf8> {
    const { type, length } = this
    if (this.#used > 0) this.#spill()
    const { bytes, regionBytes } = this.scanner
    const data = this.#used > 0 ? this.#values : bytes.subarray(this.#region, this.#region + regionBytes)
    return makeData({ type, length, ...this.validity.view(), valueOffsets: this.#offsets.values, data })
  }

  finish(): Data<Utf8> {
    const { type, length } = this
    const valueOffsets = this.#offsets.take(length)
    if (this.#used > 0) this.#spill()
    const inRegion = this.scanner.bytes.subarray(this.#region, this.#end)
    const values = this.#used > 0 ? this.#values.subarray(0, this.#used) : inRegion
    // the next batch is likely to be as large
    if (this.#used > 0) this.#values = newBytes(Math.max(firstCapacity, this.#used + (this.#used >> 4)))
    const data = makeData({ type, length, ...this.validity.take(length), valueOffsets, data: values })
    this.restart()
    return data
  }

  protected override restart(): void {
    super.restart()
    this.#regions.push(this.#regions.shift() ?? this.#region)
    this.#region = this.#regions[0] ?? this.#region
    this.#used = 0
    this.#end = this.#region
  }

  /** Where the next text goes. */
  get #end(): number {
    return this.scanner.ends[this.#slot] ?? 0
  }

  set #end(address: number) {
    this.scanner.ends[this.#slot] = address
  }

  /** Bytes of the column so far. */
  get #size(): number {
    return this.#used + this.#end - this.#region
  }

  /** Puts down where the value before this one ends. */
  #tell(index: number): void {
    this.#offsets.put(index, this.#size)
    // text in two places is no column that can be looked at
    if (this.#used > 0) this.scanner.layout++
  }

  /** Whether the region has room for so many bytes and the texts of as many lines as the scanner takes in. */
  #hasRoom(bytes: number): boolean {
    const { capacity, regionBytes } = this.scanner
    return this.#end - this.#region + bytes + capacity <= regionBytes
  }

  /** Takes what is in the region into memory of the column. */
  #spill(): void {
    if (this.#end === this.#region) return
    this.#take(this.scanner.bytes.subarray(this.#region, this.#end))
    this.#end = this.#region
  }

  #take(bytes: Uint8Array): void {
    if (this.#used + bytes.length > this.#values.length) {
      const more = newBytes(Math.max(firstCapacity, 2 * this.#values.length, this.#used + bytes.length))
      more.set(this.#values.subarray(0, this.#used))
      this.#values = more
    }
    this.#values.set(bytes, this.#used)
    this.#used += bytes.length
    this.scanner.layout++
  }
}
