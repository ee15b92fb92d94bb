import { stepBytes } from "./kernel/copyText.ts"
import { firstFree, type Kernel, openKernel } from "./kernel/openKernel.ts"
import { mostSlots, tapeBytes } from "./kernel/readRow.ts"
import { Tape } from "./Tape.ts"

const newline = 0x0a

/** Units: bytes. */
interface ScannerOptions {
  /** The most lines that are taken in at once. */
  readonly capacity: number
  /** How many columns of text there are. */
  readonly texts: number
  /** Room for each column of text; no less than `capacity`, because a text is never longer than what it was read from. */
  readonly regionBytes?: number
  /** How many areas for lines there are, and how many regions each column of text has: who fills one needs not wait for the others. */
  readonly turns?: number
}

/**
 * Lines of JSON in the kernel's memory, and the place where reading goes on; behind the lines lies regions of the
 * columns of text.
 */
export class Scanner {
  readonly kernel: Kernel
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly buffer: Buffer
  /** The second result of `kernel.copyText`. */
  readonly results: Int32Array
  /** Where the next text of each column goes. */
  readonly ends: Int32Array
  readonly capacity: number
  readonly regionBytes: number
  readonly turns: number
  /** Where lines begin that `load` takes in. */
  readonly start: number = firstFree
  /** Where text goes that nobody wants. */
  readonly scratch: number
  /** Address of the byte that is read next. */
  at: number = firstFree
  /** Counts how often a column came to lie elsewhere: who looks at columns while they grow must look again. */
  layout = 0
  /** What the kernel tells of a row. */
  readonly tape: Tape
  #free: number
  #slots = 0

  constructor({ capacity, texts, regionBytes = capacity, turns = 1 }: ScannerOptions) {
    const stride = capacity + 2 * stepBytes
    this.capacity = capacity
    this.regionBytes = regionBytes
    this.turns = turns
    this.kernel = openKernel(tapeBytes + (2 + turns) * stride + turns * texts * (regionBytes + 2 * stepBytes))
    this.bytes = this.kernel.bytes
    this.buffer = Buffer.from(this.bytes.buffer)
    this.results = this.kernel.results
    this.ends = texts > mostSlots ? new Int32Array(texts) : this.kernel.slots
    this.scratch = firstFree + stride
    this.tape = new Tape(this.bytes, this.scratch + stride)
    this.#free = this.scratch + stride + tapeBytes
  }

  /** Room for `capacity` bytes of lines that nobody else has. */
  area(): number {
    const area = this.#free
    this.#free += this.capacity + 2 * stepBytes
    return area
  }

  /** The slot of a column of text. */
  slot(): number {
    return this.#slots++
  }

  /** A region of `regionBytes` that nobody else has. */
  region(): number {
    const region = this.#free
    this.#free += this.regionBytes + 2 * stepBytes
    return region
  }

  /** Takes lines in; gives the address behind them. */
  load(pieces: ReadonlyArray<Uint8Array>): number {
    let end = this.start
    for (const piece of pieces) {
      this.bytes.set(piece, end)
      end += piece.length
    }
    return end
  }

  /** Begins with the lines that lie between two addresses; the end of a line, or a zero, stops whatever reads. */
  begin(start: number, end: number): void {
    if (this.bytes[end - 1] !== newline) this.bytes.fill(0, end, end + stepBytes)
    this.at = start
  }

  /** Goes over the spaces that JSON allows inside a line. */
  skipSpace(): void {
    const { bytes } = this
    for (let byte = bytes[this.at]; byte === 0x20 || byte === 0x09 || byte === 0x0d; byte = bytes[this.at]) this.at++
  }

  /** Goes over these bytes if they are next. */
  takes(wanted: Uint8Array): boolean {
    const { bytes, at } = this
    for (let i = 0; i < wanted.length; i++) if (bytes[at + i] !== wanted[i]) return false
    this.at = at + wanted.length
    return true
  }
}
