import type { Batches, RowScanner } from "./RowScanner.ts"
import type { Scanner } from "./Scanner.ts"

const newline = 0x0a

/**
 * Whole lines of a file that is read straight into the scanner's memory, into two areas in turn: while the lines of one are
 * taken, bytes may go into the other. What is left of a line waits in front of where the next bytes go.
 *
 * Units    `size` in bytes: the most that is read at once, half the scanner's capacity.
 */
export class LineFeed {
  readonly #scanner: Scanner
  readonly #rows: RowScanner
  readonly #size: number
  /** Where the next bytes go, and those after them; as many are in front, for what is left of a line. */
  #at: number
  #then: number
  #held = 0
  /** A line of more than `size` bytes, as far as it was read; then nothing is held. */
  #long: Array<Uint8Array> = []

  constructor(scanner: Scanner, rows: RowScanner, size: number) {
    this.#scanner = scanner
    this.#rows = rows
    this.#size = size
    this.#at = scanner.area() + size
    this.#then = scanner.area() + size
  }

  /** Where the next bytes of the file go. */
  get room(): Uint8Array {
    return this.#scanner.bytes.subarray(this.#at, this.#at + this.#size)
  }

  /** The batches that are complete with so many bytes that were read; the room is another from now on. */
  take(count: number): Batches {
    const at = this.#at
    this.#at = this.#then
    this.#then = at
    return this.#take(at, at + count)
  }

  /** The batches that are left where the file ends. */
  *end(): Batches {
    if (this.#long.length > 0) yield* this.#rows.read(this.#long)
    else if (this.#held > 0) yield* this.#rows.readLoaded(this.#at - this.#held, this.#at)
    yield* this.#rows.end()
  }

  *#take(at: number, stop: number): Batches {
    const { bytes } = this.#scanner
    const start = at - this.#held
    const end = bytes.subarray(at, stop).lastIndexOf(newline) + 1 + at
    if (end === at) return this.#hold(start, stop)
    if (this.#long.length > 0) yield* this.#endLong(at, end)
    else yield* this.#rows.readLoaded(start, end)
    this.#keep(end, stop)
  }

  /** Keeps bytes in which no line ends. */
  #hold(start: number, stop: number): void {
    if (this.#long.length === 0 && stop - start <= this.#size) return this.#keep(start, stop)
    this.#long.push(this.#scanner.bytes.slice(start, stop))
    this.#held = 0
  }

  /** Puts bytes in front of where the next go. */
  #keep(start: number, stop: number): void {
    this.#held = stop - start
    this.#scanner.bytes.copyWithin(this.#at - this.#held, start, stop)
  }

  *#endLong(at: number, end: number): Batches {
    const piece = this.#scanner.bytes.subarray(at, end)
    const first = piece.indexOf(newline) + 1
    yield* this.#rows.read([...this.#long, piece.subarray(0, first)])
    if (first < piece.length) yield* this.#rows.readLoaded(at + first, end)
    this.#long = []
  }
}
