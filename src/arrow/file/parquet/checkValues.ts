import type { Encoding, ParquetType } from "hyparquet"
import { deltaBinaryUnpack } from "hyparquet/src/delta.js"
import { readVarInt } from "hyparquet/src/thrift.js"
import { PageBroken } from "./PageBroken.ts"
import { walkRuns } from "./walkRuns.ts"

/** The values of a page behind its levels. Units: `at` in bytes, `count` in values. */
export interface PageValues {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly at: number
  readonly count: number
  readonly type: ParquetType
  /** How many entries the dictionary has, where there is one. */
  readonly entries: number | undefined
}

type Check = (values: PageValues) => void

const widestPlace = 32

const places: Check = ({ bytes, at, count, entries }) => {
  if (entries === undefined) throw new PageBroken("places in a dictionary that is not there")
  const width = bytes[at] ?? 0
  if (width > widestPlace) throw new PageBroken(`places of ${width} bits`)
  if (width === 0) {
    if (count > 0 && entries === 0) throw new PageBroken("places in an empty dictionary")
    return
  }
  walkRuns({ bytes, start: at + 1, end: bytes.length, width, count, largest: entries - 1 })
}

const flags: Check = ({ bytes, at, count, type }) => {
  if (type !== "BOOLEAN") throw new PageBroken(`the encoding RLE for ${type}`)
  walkRuns({ bytes, start: at + 4, end: bytes.length, width: 1, count, largest: 1 })
}

/** Values in a block of differences that some writer may want. */
const mostBlock = 2 ** 20

const differences = ({ bytes, at, count }: PageValues): { readonly view: DataView; offset: number } => {
  const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length), offset: at }
  const [block, parts, total] = [readVarInt(reader), readVarInt(reader), readVarInt(reader)]
  if (block <= 0 || parts <= 0 || block > mostBlock || block % parts !== 0)
    throw new PageBroken(`blocks of ${block} values in ${parts} parts`)
  if (total !== count) throw new PageBroken(`${total} differences of ${count} values`)
  return { view: reader.view, offset: at }
}

/** Lengths that are packed as differences, and where they end. */
const lengthsAt = (values: PageValues): { readonly lengths: Int32Array; readonly end: number } => {
  const lengths = new Int32Array(values.count)
  const reader = differences(values)
  deltaBinaryUnpack(reader, values.count, lengths)
  if (lengths.some((length) => length < 0)) throw new PageBroken("a negative length")
  return { lengths, end: reader.offset }
}

const sum = (lengths: Int32Array): number => lengths.reduce((all, length) => all + length, 0)

const texts: Check = (values) => {
  const { lengths, end } = lengthsAt(values)
  if (sum(lengths) > values.bytes.length - end) throw new PageBroken(`texts of ${sum(lengths)} bytes`)
}

const endings: Check = (values) => {
  const { lengths: kept, end: middle } = lengthsAt(values)
  const { lengths, end } = lengthsAt({ ...values, at: middle })
  if (sum(lengths) > values.bytes.length - end) throw new PageBroken(`endings of ${sum(lengths)} bytes`)
  let before = 0
  for (let i = 0; i < kept.length; i++) {
    const keeps = kept[i] ?? 0
    if (keeps > before) throw new PageBroken(`${keeps} bytes kept of ${before}`)
    before = keeps + (lengths[i] ?? 0)
  }
}

const isNumber = (type: ParquetType) => type === "INT32" || type === "INT64"
const isText = (type: ParquetType) => type === "BYTE_ARRAY" || type === "FIXED_LEN_BYTE_ARRAY"

/** How values in each encoding are checked; hyparquet reads the others within their bounds. */
const checks: Partial<Record<Encoding, { readonly fits: (type: ParquetType) => boolean; readonly check: Check }>> = {
  PLAIN_DICTIONARY: { fits: (type) => type !== "BOOLEAN", check: places },
  RLE_DICTIONARY: { fits: (type) => type !== "BOOLEAN", check: places },
  RLE: { fits: (type) => type === "BOOLEAN", check: flags },
  DELTA_BINARY_PACKED: { fits: isNumber, check: (values) => void differences(values) },
  DELTA_LENGTH_BYTE_ARRAY: { fits: (type) => type === "BYTE_ARRAY", check: texts },
  DELTA_BYTE_ARRAY: { fits: isText, check: endings }
}

/**
 * Sees that values of a page can be decoded within its bytes, in time and memory that go with how many there are.
 *
 * Fails    PageBroken, RunsBroken, thrown
 */
export const checkValues = (values: PageValues, encoding: Encoding): void => {
  const row = checks[encoding]
  if (row === undefined) return
  if (!row.fits(values.type)) throw new PageBroken(`the encoding ${encoding} for ${values.type}`)
  if (values.count > 0) row.check(values)
}
