import { stepBytes } from "./kernel/copyText.ts"
import { firstFree, type Kernel, openKernel } from "./kernel/openKernel.ts"

/**
 * Lines of JSON in the kernel's memory, and the place where reading goes on; behind the lines lies one region for each
 * column of text, which is as large, because a text is never longer than what it was read from.
 */
export class Scanner {
  readonly kernel: Kernel
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly buffer: Buffer
  /** The second result of `kernel.copyText`. */
  readonly results: Int32Array
  readonly capacity: number
  /** Where lines begin. */
  readonly start: number = firstFree
  /** Where text goes that nobody wants. */
  readonly scratch: number
  /** Address of the byte that is read next. */
  at: number = firstFree
  #free: number

  constructor(options: { readonly capacity: number; readonly texts: number }) {
    const stride = options.capacity + 2 * stepBytes
    this.capacity = options.capacity
    this.kernel = openKernel(stride * (options.texts + 2))
    this.bytes = this.kernel.bytes
    this.buffer = Buffer.from(this.bytes.buffer)
    this.results = new Int32Array(this.bytes.buffer, 0, 1)
    this.scratch = firstFree + stride
    this.#free = this.scratch + stride
  }

  /** A region of `capacity` bytes that nobody else has. */
  region(): number {
    const region = this.#free
    this.#free += this.capacity + 2 * stepBytes
    return region
  }

  /** Takes lines in; gives the address behind them. A zero follows, which stops whatever reads. */
  load(pieces: ReadonlyArray<Uint8Array>): number {
    let end = this.start
    for (const piece of pieces) {
      this.bytes.set(piece, end)
      end += piece.length
    }
    this.bytes.fill(0, end, end + stepBytes)
    this.at = this.start
    return end
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
