import type { ColumnMetaData, DecodedArray, ParquetParsers, SchemaTree } from "hyparquet"
import { readPage } from "hyparquet/src/column.js"
import { convert, DEFAULT_PARSERS } from "hyparquet/src/convert.js"
import { textFromBytes } from "../textFromBytes.ts"
import { checkValues } from "./checkValues.ts"
import { PageBroken } from "./PageBroken.ts"
import { levelsOf, pageLevels } from "./pageLevels.ts"
import { type Page, unpackPage } from "./unpackPage.ts"

/** How hyparquet turns bytes into values: text that is not UTF-8 is kept as it is, to be told with its row. */
export const parsers: ParquetParsers = {
  ...DEFAULT_PARSERS,
  stringFromBytes: (bytes) => (bytes === undefined ? undefined : textFromBytes(bytes))
}

/** A column of a row group: its bytes, what the footer says of it, and its path in the schema. */
export interface Chunk {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly column: ColumnMetaData
  readonly schemaPath: ReadonlyArray<SchemaTree>
  readonly rows: number
}

/** Whether a value is missing where the levels say there is one: a place beyond the dictionary. */
const hasHole = (values: DecodedArray): boolean =>
  Array.isArray(values) &&
  (values.includes(undefined) ||
    (values.some(Array.isArray) && values.some((inner) => Array.isArray(inner) && hasHole(inner))))

/** Reads the pages of a column one after the other. */
class ChunkReader {
  readonly #chunk: Chunk
  readonly #decoder: Parameters<typeof readPage>[2]
  readonly #levels: ReturnType<typeof levelsOf>
  readonly #parts: Array<DecodedArray> = []
  #dictionary: DecodedArray | undefined
  #rows = 0

  constructor(chunk: Chunk) {
    const element = chunk.schemaPath.at(-1)?.element
    if (element === undefined) throw new PageBroken("no column")
    const { path_in_schema: pathInSchema, type } = chunk.column
    const schemaPath = [...chunk.schemaPath]
    this.#chunk = chunk
    this.#levels = levelsOf(schemaPath)
    this.#decoder = { pathInSchema, type, element, schemaPath, codec: "UNCOMPRESSED", parsers }
  }

  #decode({ header, bytes }: Page): DecodedArray | undefined {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    return readPage({ view, offset: 0 }, header, this.#decoder, this.#dictionary, this.#parts.at(-1), 0).data
  }

  #data(page: Page): void {
    const { header, bytes } = page
    const { rows, values, at } = pageLevels(bytes, header, this.#levels)
    const encoding = (header.type === "DATA_PAGE" ? header.data_page_header : header.data_page_header_v2)?.encoding
    if (encoding === undefined) throw new PageBroken("no known encoding")
    const { type } = this.#decoder
    checkValues({ bytes, at, count: values, type, entries: this.#dictionary?.length }, encoding)
    const found = this.#decode(page)
    if (found !== undefined && found !== this.#parts.at(-1)) this.#parts.push(found)
    this.#rows += rows
  }

  read(): ReadonlyArray<DecodedArray> {
    const { bytes, column, rows } = this.#chunk
    let at = 0
    let left = Number(column.num_values)
    while (left > 0) {
      const page = unpackPage(bytes, at, column)
      at = page.next
      if (page.header.type === "DICTIONARY_PAGE") {
        if (this.#dictionary !== undefined) throw new PageBroken("a second dictionary")
        this.#dictionary = convert(this.#decode(page) ?? [], this.#decoder)
      } else if (page.count > left) throw new PageBroken(`${page.count} values, ${left} left in the column`)
      else if (page.count > 0) {
        left -= page.count
        this.#data(page)
      }
    }
    if (this.#rows !== rows) throw new PageBroken(`${this.#rows} rows in all, wanted ${rows}`)
    if (this.#parts.some(hasHole)) throw new PageBroken("places beyond its dictionary")
    return this.#parts
  }
}

/**
 * The values of one column of a row group, as hyparquet decodes them from pages that were checked before.
 *
 * Fails    ThriftBroken, PageBroken, RunsBroken and what hyparquet throws
 */
export const readChunk = (chunk: Chunk): ReadonlyArray<DecodedArray> => new ChunkReader(chunk).read()
