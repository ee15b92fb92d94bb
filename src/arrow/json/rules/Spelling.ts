import { stepBytes } from "../kernel/copyText.ts"
import { firstFree, type Kernel, openKernel } from "../kernel/openKernel.ts"
import { longFrom } from "../kernel/xxh3.ts"

/** Longest row that is hashed. Units: bytes of the chosen columns, with 8 for each value. */
const firstRoom = 1 << 20

/** Texts from this length on are known by a hash of their own, made where they lie. Units: bytes. */
const long = 64

/** Puts the hash of bytes where the kernel's results lie. */
const hash128 = (kernel: Kernel, address: number, length: number): void => {
  if (length < longFrom) kernel.murmur128(address, length, 0)
  else kernel.xxh3(address, length, 0)
}

const wordBytes = 4
const firstWord = firstFree / wordBytes

/** The words by which a row is known: each value behind its length or presence, so that no two rows are spelled alike. */
export class Spelling {
  #kernel = openKernel(firstRoom)
  #words = new Int32Array(this.#kernel.bytes.buffer)
  #end: number = firstWord

  begin(): void {
    this.#end = firstWord
  }

  word(value: number): void {
    this.#room(1)
    this.#words[this.#end++] = value
  }

  /** Bytes, filled up to whole words with zeros. */
  bytes(values: Uint8Array, start: number, stop: number): void {
    const count = (stop - start + wordBytes - 1) >> 2
    if (count === 0) return
    this.#room(count)
    const { bytes } = this.#kernel
    const at = this.#end * wordBytes
    this.#end += count
    this.#words[this.#end - 1] = 0
    if (stop - start < long) for (let i = start; i < stop; i++) bytes[at + i - start] = values[i] ?? 0
    else bytes.set(values.subarray(start, stop), at)
  }

  /** A text, which may lie in the memory of a kernel. */
  text(values: Uint8Array, start: number, stop: number, owner: Kernel | undefined): void {
    const length = stop - start
    this.word(length)
    if (length < long) return this.bytes(values, start, stop)
    if (owner !== undefined) {
      hash128(owner, values.byteOffset + start, length)
      return this.#results(owner.results)
    }
    const end = this.#end
    this.bytes(values, start, stop)
    this.#end = end
    hash128(this.#kernel, end * wordBytes, length)
    this.#results(this.#kernel.results)
  }

  /** The hash of all words. */
  hash(): Int32Array {
    hash128(this.#kernel, firstFree, (this.#end - firstWord) * wordBytes)
    return this.#kernel.results
  }

  #results(words: Int32Array): void {
    this.#room(words.length)
    for (let i = 0; i < words.length; i++) this.#words[this.#end++] = words[i] ?? 0
  }

  /** Has room for so many words, and for the step in which they are hashed. */
  #room(words: number): void {
    const wanted = this.#end + words + stepBytes / wordBytes
    if (wanted <= this.#words.length) return
    const before = this.#words
    this.#kernel = openKernel(2 * wordBytes * wanted)
    this.#words = new Int32Array(this.#kernel.bytes.buffer)
    this.#words.set(before.subarray(firstWord, this.#end), firstWord)
  }
}
