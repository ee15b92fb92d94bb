import type { Batches, RowScanner } from "./RowScanner.ts"
import type { Scanner } from "./Scanner.ts"

const newline = 0x0a

/**
 * Whole lines of a file that is read straight into the scanner's memory, in the blocks that `blocks` cuts; what is left of
 * a line waits in front of where the next bytes go.
 *
 * Units    `size` in bytes: the most that is read at once, half the scanner's capacity.
 */
export class LineFeed {
  readonly #scanner: Scanner
  readonly #rows: RowScanner
  readonly #size: number
  /** Bytes of a line at the start of the scanner's memory. */
  #held = 0
  /** A line of more than `size` bytes, as far as it was read; then nothing is held. */
  #long: Array<Uint8Array> = []

  constructor(scanner: Scanner, rows: RowScanner, size: number) {
    this.#scanner = scanner
    this.#rows = rows
    this.#size = size
  }

  /** Where the next bytes of the file go. */
  get room(): Uint8Array {
    const at = this.#scanner.start + this.#held
    return this.#scanner.bytes.subarray(at, at + this.#size)
  }

  /** The batches that are complete with so many bytes that were read. */
  *take(count: number): Batches {
    const piece = this.room.subarray(0, count)
    const end = piece.lastIndexOf(newline) + 1
    if (end === 0) this.#hold(piece)
    else if (this.#long.length > 0) yield* this.#endLong(piece.slice(), end)
    else {
      const { bytes, start } = this.#scanner
      const from = start + this.#held
      yield* this.#rows.readLoaded(from + end)
      bytes.copyWithin(start, from + end, from + count)
      this.#held = count - end
    }
  }

  /** The batches that are left where the file ends. */
  *end(): Batches {
    if (this.#long.length > 0) yield* this.#rows.read(this.#long)
    else if (this.#held > 0) yield* this.#rows.readLoaded(this.#scanner.start + this.#held)
    yield* this.#rows.end()
  }

  /** Keeps bytes in which no line ends. */
  #hold(piece: Uint8Array): void {
    const { bytes, start } = this.#scanner
    this.#held += piece.length
    if (this.#long.length === 0 && this.#held <= this.#size) return
    this.#long.push(bytes.slice(start, start + this.#held))
    this.#held = 0
  }

  *#endLong(piece: Uint8Array, end: number): Batches {
    const first = piece.indexOf(newline) + 1
    yield* this.#rows.read([...this.#long, piece.subarray(0, first)])
    if (first < end) yield* this.#rows.read([piece.subarray(first, end)])
    this.#scanner.bytes.set(piece.subarray(end), this.#scanner.start)
    this.#long = []
    this.#held = piece.length - end
  }
}
