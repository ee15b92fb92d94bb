import { type Data, DataType, type List, type Utf8 } from "apache-arrow"
import { kernelOver } from "../kernel/openKernel.ts"
import { columnOf, presenceOf } from "./columnOf.ts"
import { HashSet128 } from "./HashSet128.ts"
import type { RowRule } from "./RowRule.ts"
import { Spelling } from "./Spelling.ts"

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
  const isPresent = presenceOf(data)
  return (row) => {
    if (isPresent(row)) spell(row)
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
 * Source   MurmurHash3_x64_128 of the columns' bytes, XXH3_128bits where they are many; those of long texts hashed
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
