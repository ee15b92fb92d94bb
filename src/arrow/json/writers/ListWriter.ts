import { type Data, Field, List, makeData } from "apache-arrow"
import type { Shape } from "../kernel/Shape.ts"
import type { Scanner } from "../Scanner.ts"
import { nullWord } from "../skipValue.ts"
import type { Tape } from "../Tape.ts"
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

  get shape(): Shape {
    return { kind: "list", element: this.#element.shape, nullable: this.#options.nullable }
  }

  replay(tape: Tape): boolean {
    const count = tape.word()
    for (let i = 0; i < count; i++)
      if (this.#options.nullable && tape.word() === 0) this.#element.absent()
      else if (!this.#element.replay(tape)) return false
    return this.#end(count)
  }

  scan(scanner: Scanner): boolean {
    const before = this.#element.length
    if (scanner.bytes[scanner.at] !== 0x5b) return false
    scanner.at++
    scanner.skipSpace()
    if (scanner.bytes[scanner.at] === 0x5d) scanner.at++
    else if (!this.#scanElements(scanner)) return false
    return this.#end(this.#element.length - before)
  }

  /** Ends a list of so many elements; false where they are too few or too many. */
  #end(count: number): boolean {
    this.#element.settle()
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

  override reset(length: number): void {
    super.reset(length)
    this.#element.reset(this.#offsets.values[length] ?? 0)
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
