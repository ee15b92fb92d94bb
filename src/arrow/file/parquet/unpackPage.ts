import type { ColumnMetaData, PageHeader } from "hyparquet"
import { parquetHeader } from "hyparquet/src/column.js"
import { decompressPage } from "hyparquet/src/datapage.js"
import { decompressors } from "../decompressors.ts"
import { PageBroken } from "./PageBroken.ts"
import { thriftEnd } from "./thriftEnd.ts"

/** A page whose bytes are unpacked and lie in memory of their own, with a header that says so. */
export interface Page {
  readonly header: PageHeader
  readonly bytes: Uint8Array<ArrayBuffer>
  /** How many values its header names. */
  readonly count: number
  /** Where the next page begins. */
  readonly next: number
}

/** Unpacked bytes of one page that are believed whatever the footer says of the whole column. */
const believedBytes = 16 * 1024 * 1024

const isCount = (value: number | undefined): value is number => value !== undefined && value >= 0

/** The sizes of a header, once they fit the bytes that are left and the column that the footer tells of. */
const checked = (header: PageHeader, left: number, column: ColumnMetaData): number => {
  const { compressed_page_size: packed, uncompressed_page_size: unpacked, type } = header
  if (!isCount(packed) || packed > left) throw new PageBroken(`${packed} bytes, ${left} bytes before the column's end`)
  if (!isCount(unpacked) || unpacked > Math.max(believedBytes, Number(column.total_uncompressed_size)))
    throw new PageBroken(`${unpacked} unpacked bytes of a column of ${column.total_uncompressed_size}`)
  const told = { DATA_PAGE: header.data_page_header, DATA_PAGE_V2: header.data_page_header_v2 }
  const { num_values: count } = (type === "DICTIONARY_PAGE" ? header.dictionary_page_header : undefined) ??
    (type === "DATA_PAGE" || type === "DATA_PAGE_V2" ? told[type] : undefined) ?? { num_values: undefined }
  if (count === undefined) throw new PageBroken(`the type ${type} without its header`)
  const most = type === "DICTIONARY_PAGE" ? unpacked * 8 : Number(column.num_values)
  if (!isCount(count) || count > most) throw new PageBroken(`${count} values, wanted at most ${most}`)
  return count
}

/** Bytes in memory of their own, beyond whose end nothing can be read. */
const alone = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => {
  const { buffer } = bytes
  return buffer instanceof ArrayBuffer && buffer.byteLength === bytes.length
    ? new Uint8Array(buffer)
    : new Uint8Array(bytes)
}

/** The levels of a page of the second version lie unpacked before its values. */
const unpackSecond = (packed: Uint8Array, header: PageHeader, column: ColumnMetaData): Uint8Array<ArrayBuffer> => {
  const told = header.data_page_header_v2
  const { repetition_levels_byte_length: repetition = -1, definition_levels_byte_length: definition = -1 } = told ?? {}
  const size = repetition + definition
  if (!isCount(repetition) || !isCount(definition) || size > packed.length || size > header.uncompressed_page_size)
    throw new PageBroken(`levels of ${repetition} and ${definition} bytes in ${packed.length}`)
  if (told?.is_compressed === false) return new Uint8Array(packed)
  const values = packed.subarray(size)
  const unpacked = header.uncompressed_page_size - size
  // some writers leave nothing where there is nothing to pack
  const plain =
    unpacked === 0 && values.length === 0 ? values : decompressPage(values, unpacked, column.codec, decompressors)
  return new Uint8Array(Buffer.concat([packed.subarray(0, size), plain]))
}

/** The header as hyparquet wants it of a page that is not packed. */
const plainHeader = (header: PageHeader, length: number): PageHeader => {
  const sizes = { uncompressed_page_size: length, compressed_page_size: length }
  const { data_page_header_v2: second } = header
  if (second === undefined) return { ...header, ...sizes }
  return { ...header, ...sizes, data_page_header_v2: { ...second, is_compressed: false } }
}

/**
 * The page of a column that begins at `start`, its header checked before anything is unpacked.
 *
 * Fails    ThriftBroken, PageBroken and what decompressors throw
 */
export const unpackPage = (bytes: Uint8Array<ArrayBuffer>, start: number, column: ColumnMetaData): Page => {
  const begin = thriftEnd(bytes, start)
  const view = new DataView(bytes.buffer, bytes.byteOffset, begin)
  const header = parquetHeader({ view, offset: start })
  const count = checked(header, bytes.length - begin, column)
  const next = begin + header.compressed_page_size
  const packed = bytes.subarray(begin, next)
  const plain =
    header.type === "DATA_PAGE_V2"
      ? unpackSecond(packed, header, column)
      : decompressPage(packed, header.uncompressed_page_size, column.codec, decompressors)
  const own = alone(plain)
  return { header: plainHeader(header, own.length), bytes: own, count, next }
}
