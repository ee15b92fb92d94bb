import { type Data, DataType, type List, type Utf8 } from "apache-arrow"
import { stepBytes } from "../kernel/copyText.ts"
import { firstFree, type Kernel, kernelOver, openKernel } from "../kernel/openKernel.ts"
import { longFrom } from "../kernel/xxh3.ts"
import { columnOf } from "./columnOf.ts"
import { HashSet128 } from "./HashSet128.ts"
import type { RowRule } from "./RowRule.ts"

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
class Spelling {
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

type Spell = (row: number) => void

const spellList = (spelling: Spelling, data: Data<List>): Spell => {
  const [child] = data.children
  const spell = child === undefined ? () => {} : spellerOf(spelling, child)
  return (row) => {
    const stop = data.valueOffsets[row + 1] ?? 0
    const start = data.valueOffsets[row] ?? 0
    spelling.word(stop - start)
    for (let i = start; i < stop; i++) spell(i)
  }
}

const spellAll =
  (spells: ReadonlyArray<Spell>): Spell =>
  (row) => {
    // an iterator would make an object for each column of each row
    for (let i = 0; i < spells.length; i++) spells[i]?.(row)
  }

const spellText = (spelling: Spelling, { values, valueOffsets }: Data<Utf8>): Spell => {
  const owner = kernelOver(values)
  return (row) => spelling.text(values, valueOffsets[row] ?? 0, valueOffsets[row + 1] ?? 0, owner)
}

const spellPresent = (spelling: Spelling, data: Data): Spell => {
  if (DataType.isUtf8(data.type)) return spellText(spelling, data as Data<Utf8>) // its type was just looked at
  if (DataType.isList(data.type)) return spellList(spelling, data as Data<List>) // its type was just looked at
  if (DataType.isStruct(data.type)) {
    const spells = data.children.map((child) => spellerOf(spelling, child))
    return spellAll(spells)
  }
  if (DataType.isBool(data.type)) return (row) => spelling.word(((data.values[row >> 3] ?? 0) >> (row & 7)) & 1)
  const raw = new Uint8Array(data.values.buffer, data.values.byteOffset, data.values.byteLength)
  return (row) => spelling.bytes(raw, 8 * row, 8 * row + 8)
}

const spellerOf = (spelling: Spelling, data: Data): Spell => {
  const spell = spellPresent(spelling, data)
  if (data.nullCount === 0) return spell
  return (row) => {
    if (data.getValid(row)) spell(row)
    else spelling.word(-1)
  }
}

/** The rule, and the set behind it. */
export interface Distinct {
  readonly rule: RowRule
  readonly seen: HashSet128
}

/**
 * Keeps the first of the rows that are alike in these columns, over all batches: a rule with a memory, for one stream.
 *
 * Source   MurmurHash3_x64_128 of the columns' bytes; those of long texts hashed
 *          before; two of n different rows meet with a chance below n² · 2⁻¹²⁹ for each column of text, and once more.
 * Units    memory of `seen`: 21 to 43 bytes for each distinct row; half as much again while it grows.
 */
export const distinct = (columns: ReadonlyArray<string>): Distinct => {
  const seen = new HashSet128()
  const spelling = new Spelling()
  const rule: RowRule = (batch) => {
    const spell = spellAll(columns.map((name) => spellerOf(spelling, columnOf(batch, name))))
    return (row) => {
      spelling.begin()
      spell(row)
      const hash = spelling.hash()
      return seen.add(hash[0] ?? 0, hash[1] ?? 0, hash[2] ?? 0, hash[3] ?? 0)
    }
  }
  return { rule, seen }
}
