import type { PageHeader, SchemaTree } from "hyparquet"
import { getMaxDefinitionLevel, getMaxRepetitionLevel } from "hyparquet/src/schema.js"
import { PageBroken } from "./PageBroken.ts"
import { walkRuns } from "./walkRuns.ts"

/** The largest levels of a column: how often a value of it can be absent, and how many lists lie around it. */
export interface Levels {
  readonly definition: number
  readonly repetition: number
}

/** The largest levels of the column at the end of a path of the schema. */
export const levelsOf = (path: ReadonlyArray<SchemaTree>): Levels => ({
  definition: getMaxDefinitionLevel([...path]),
  repetition: getMaxRepetitionLevel([...path])
})

/** What the levels of a page say. Units: `values` that are present; `at` in bytes, where they begin. */
export interface PageLevels {
  readonly rows: number
  readonly values: number
  readonly at: number
}

interface Place {
  readonly start: number
  readonly end: number
}

const bitsOf = (largest: number): number => 32 - Math.clz32(largest)

const countLevels = (bytes: Uint8Array, place: Place, count: number, largest: number, counted: number): number =>
  walkRuns({ bytes, ...place, width: bitsOf(largest), count, largest }, counted)

/** Levels whose length stands before them. */
const prefixed = (bytes: Uint8Array, at: number): Place => {
  const start = at + 4
  const length = start > bytes.length ? 0 : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).readUInt32LE(at)
  if (start + length > bytes.length) throw new PageBroken(`levels of ${length} bytes, ${bytes.length - at} bytes left`)
  return { start, end: start + length }
}

const first = (bytes: Uint8Array, header: NonNullable<PageHeader["data_page_header"]>, levels: Levels): PageLevels => {
  const { num_values: count } = header
  let at = 0
  const walk = (largest: number, encoding: string | undefined, counted: number): number => {
    if (largest === 0) return count
    if (encoding !== "RLE") throw new PageBroken(`levels in the encoding ${encoding}`)
    const place = prefixed(bytes, at)
    at = place.end
    return countLevels(bytes, place, count, largest, counted)
  }
  const rows = walk(levels.repetition, header.repetition_level_encoding, 0)
  const values = walk(levels.definition, header.definition_level_encoding, levels.definition)
  return { rows, values, at }
}

const second = (
  bytes: Uint8Array,
  header: NonNullable<PageHeader["data_page_header_v2"]>,
  levels: Levels
): PageLevels => {
  const { num_values: count, num_nulls: absent, repetition_levels_byte_length: middle } = header
  const at = middle + header.definition_levels_byte_length
  const walk = (start: number, end: number, largest: number, counted: number) =>
    largest === 0 ? count : countLevels(bytes, { start, end }, count, largest, counted)
  const rows = walk(0, middle, levels.repetition, 0)
  const values = walk(middle, at, levels.definition, levels.definition)
  if (values !== count - absent) throw new PageBroken(`${absent} absent values, counted ${count - values}`)
  if (rows !== header.num_rows) throw new PageBroken(`${header.num_rows} rows, counted ${rows}`)
  return { rows, values, at }
}

/**
 * Reads the levels of an unpacked data page through, without keeping them.
 *
 * Fails    PageBroken, RunsBroken, thrown
 */
export const pageLevels = (bytes: Uint8Array, header: PageHeader, levels: Levels): PageLevels => {
  if (header.type === "DATA_PAGE" && header.data_page_header !== undefined)
    return first(bytes, header.data_page_header, levels)
  if (header.type === "DATA_PAGE_V2" && header.data_page_header_v2 !== undefined)
    return second(bytes, header.data_page_header_v2, levels)
  throw new PageBroken("no header of its data")
}
