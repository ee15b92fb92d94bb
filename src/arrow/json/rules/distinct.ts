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

/** The bytes by which a row is known: each value behind its length or presence, so that no two rows are spelled alike. */
class Spelling {
  kernel = openKernel(firstRoom + stepBytes)
  #view = new DataView(this.kernel.bytes.buffer)
  end: number = firstFree

  word(value: number): void {
    this.#room(4)
    this.#view.setInt32(this.end, value, true)
    this.end += 4
  }

  bytes(values: Uint8Array, start: number, stop: number): void {
    this.#room(stop - start)
    const { bytes } = this.kernel
    if (stop - start < 32) for (let i = start; i < stop; i++) bytes[this.end + i - start] = values[i] ?? 0
    else bytes.set(values.subarray(start, stop), this.end)
    this.end += stop - start
  }

  /** A text, which may lie in the memory of a kernel. */
  text(values: Uint8Array, start: number, stop: number, owner: Kernel | undefined): void {
    const length = stop - start
    this.word(length)
    if (length < long) return this.bytes(values, start, stop)
    if (owner !== undefined) return this.#hash(owner, values.byteOffset + start, length)
    const { end } = this
    this.bytes(values, start, stop)
    this.end = end
    this.#hash(this.kernel, end, length)
  }

  #hash(kernel: Kernel, address: number, length: number): void {
    hash128(kernel, address, length)
    for (let i = 0; i < 4; i++) this.word(kernel.results[i] ?? 0)
  }

  #room(bytes: number): void {
    if (this.end + bytes + stepBytes <= this.kernel.bytes.length) return
    const before = this.kernel.bytes
    this.kernel = openKernel(2 * (before.length + bytes))
    this.kernel.bytes.set(before.subarray(0, this.end))
    this.#view = new DataView(this.kernel.bytes.buffer)
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
      spelling.end = firstFree
      spell(row)
      hash128(spelling.kernel, firstFree, spelling.end - firstFree)
      const { results } = spelling.kernel
      return seen.add(results[0] ?? 0, results[1] ?? 0, results[2] ?? 0, results[3] ?? 0)
    }
  }
  return { rule, seen }
}
