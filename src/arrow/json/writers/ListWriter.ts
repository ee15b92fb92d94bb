import { type Data, Field, List, makeData } from "apache-arrow"
import type { Scanner } from "../Scanner.ts"
import { nullWord } from "../skipValue.ts"
import { ColumnWriter } from "./ColumnWriter.ts"
import { Offsets } from "./Offsets.ts"

/** What is allowed in a list. */
export interface ListOptions {
  readonly nullable: boolean
  /** Bounds of the number of elements, both inclusive. */
  readonly minimum: number
  readonly maximum: number
}

/** Arrays: the elements of all rows in one column, and where each row begins. */
export class ListWriter extends ColumnWriter {
  readonly type: List
  readonly #element: ColumnWriter
  readonly #options: ListOptions
  readonly #offsets: Offsets

  constructor(scanner: Scanner, element: ColumnWriter, options: ListOptions) {
    super(scanner)
    this.#offsets = new Offsets(scanner)
    this.#element = element
    this.#options = options
    this.type = new List(new Field("item", element.type, options.nullable))
  }

  scan(scanner: Scanner): boolean {
    const before = this.#element.length
    if (scanner.bytes[scanner.at] !== 0x5b) return false
    scanner.at++
    scanner.skipSpace()
    if (scanner.bytes[scanner.at] === 0x5d) scanner.at++
    else if (!this.#scanElements(scanner)) return false
    this.#element.settle()
    const count = this.#element.length - before
    this.#offsets.put(++this.length, this.#element.length)
    return count >= this.#options.minimum && count <= this.#options.maximum
  }

  protected put(values: ReadonlyArray<unknown>): void {
    for (const value of values) this.#element.append(value)
    this.#element.settle()
    this.pad()
  }

  protected pad(): void {
    this.#offsets.put(this.length + 1, this.#element.length)
  }

  override mark(): void {
    super.mark()
    this.#element.mark()
  }

  override reset(): void {
    super.reset()
    this.#element.reset()
  }

  flush(): void {
    this.#element.flush()
  }

  view(): Data<List> {
    const { type, length } = this
    const child = this.#element.view()
    return makeData({ type, length, ...this.validity.view(), valueOffsets: this.#offsets.values, child })
  }

  finish(): Data<List> {
    const { type, length } = this
    const valueOffsets = this.#offsets.take(length)
    const child = this.#element.finish()
    const data = makeData({ type, length, ...this.validity.take(length), valueOffsets, child })
    this.restart()
    return data
  }

  #scanElements(scanner: Scanner): boolean {
    for (;;) {
      if (this.#options.nullable && scanner.takes(nullWord)) this.#element.absent()
      else if (!this.#element.scan(scanner)) return false
      scanner.skipSpace()
      const byte = scanner.bytes[scanner.at++]
      if (byte === 0x5d) return true
      if (byte !== 0x2c) return false
      scanner.skipSpace()
    }
  }
}
