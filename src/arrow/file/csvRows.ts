import { pipeThroughDuplex } from "@effect/platform-node/NodeStream"
import { CsvError, type Info, parse } from "csv-parse"
import { type FileSystem, Result, Stream } from "effect"
import { ArrowError, CsvBroken, FileDamaged, LineTooLong, NulFound } from "../errors.ts"
import { decodeText } from "./decodeText.ts"
import { type Found, foundRow, lastTrouble, trouble } from "./Found.ts"
import type { Reader, Source } from "./Source.ts"
import { textOf } from "./textOf.ts"

/** What the parser gives with `info` and without an encoding. */
interface Parsed {
  readonly record: ReadonlyArray<Uint8Array>
  readonly info: Pick<Info, "lines" | "empty_lines">
}

type Cells = Result.Result<ReadonlyArray<string>, ArrowError["reason"]>

/** The cells of a record as text. */
const cellsOf = (record: ReadonlyArray<Uint8Array>, line: number, names: ReadonlyArray<string>): Cells =>
  Result.all(
    record.map((bytes, i) => {
      const place = { place: "line", number: line, field: names[i] ?? "" } as const
      const nul = bytes.indexOf(0)
      return nul >= 0 ? Result.fail(new NulFound({ ...place, byte: nul })) : decodeText(bytes, place)
    })
  )

const headerFault = (names: ReadonlyArray<string>): string | undefined => {
  const blank = names.findIndex((name) => name.trim() === "")
  if (blank >= 0) return `a column without a name, column ${blank + 1} of ${names.length}`
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  return twice === undefined ? undefined : `the column ${JSON.stringify(twice)} twice`
}

/** Line breaks of two bytes in quoted cells, which the parser counts as two lines. */
const wideBreaks = (record: ReadonlyArray<Uint8Array>): number =>
  record.reduce((sum, cell) => sum + Buffer.from(cell).toString("latin1").split("\r\n").length - 1, 0)

/** Turns records into rows: the first one names the columns. */
class Table {
  readonly #path: string
  #names: ReadonlyArray<string> | undefined
  /** Where the last record ended, and how many blank lines came before it. */
  #end = 0
  #blank = 0
  /** Line breaks so far that the parser counted twice. */
  #twice = 0

  constructor(path: string) {
    this.#path = path
  }

  #header(cells: Cells, line: number): ReadonlyArray<Found> {
    if (Result.isFailure(cells)) return [lastTrouble(this.#path, cells.failure)]
    this.#names = cells.success
    const found = headerFault(this.#names)
    if (found === undefined) return []
    return [lastTrouble(this.#path, new CsvBroken({ line, found, wanted: "a header of different names" }))]
  }

  row({ record, info }: Parsed): ReadonlyArray<Found> {
    const line = this.#end + 1 + info.empty_lines - this.#blank
    if (info.lines - this.#twice > line) this.#twice += wideBreaks(record)
    this.#end = info.lines - this.#twice
    this.#blank = info.empty_lines
    const names = this.#names
    const cells = cellsOf(record, line, names ?? [])
    if (names === undefined) return this.#header(cells, line)
    if (record.length !== names.length) {
      const wanted = `${names.length}, as in the header`
      return [trouble(this.#path, new CsvBroken({ line, found: `${record.length} columns`, wanted }))]
    }
    if (Result.isFailure(cells)) return [trouble(this.#path, cells.failure)]
    return [foundRow("line", line, Object.fromEntries(names.map((name, i) => [name, cells.success[i]])))]
  }

  end(): ReadonlyArray<Found> {
    if (this.#names !== undefined) return []
    const reason = new CsvBroken({ line: 1, found: "the end of the file", wanted: "a header" })
    return [lastTrouble(this.#path, reason)]
  }
}

const faults: Readonly<Record<string, { readonly found: string; readonly wanted: string }>> = {
  CSV_QUOTE_NOT_CLOSED: { found: "the end of the file in a quoted field", wanted: "a closing quote" },
  CSV_INVALID_CLOSING_QUOTE: { found: "text behind a closing quote", wanted: "a delimiter or a line break" },
  INVALID_OPENING_QUOTE: { found: "a quote within a field without quotes", wanted: "the field in quotes" }
}

const failure = (path: string) => (reason: ArrowError["reason"]) => new ArrowError({ action: "read", path, reason })

const problem =
  ({ path, options }: Source) =>
  (cause: unknown): ArrowError => {
    const fail = failure(path)
    if (!(cause instanceof CsvError)) return fail(new FileDamaged({ cause }))
    const { lines } = cause as CsvError & Partial<Info> // a parser's error carries where it stood
    const line = lines ?? 1
    if (cause.code === "CSV_MAX_RECORD_SIZE")
      return fail(new LineTooLong({ place: "line", number: line, limit: options.maxLineBytes }))
    const { found, wanted } = faults[cause.code] ?? { found: cause.message, wanted: "CSV" }
    return fail(new CsvBroken({ line, found, wanted }))
  }

/**
 * The records of CSV as objects of texts, named by the header; a quoted field may hold line breaks. A record of another
 * length or encoding is trouble with one row; a quote out of place leaves no way to tell where the next one begins.
 */
const delimitedRows =
  (delimiter: string): Reader =>
  (source) =>
    Stream.suspend(() => {
      const table = new Table(source.path)
      const { maxLineBytes } = source.options
      const options = { delimiter, encoding: null, info: true, relax_column_count: true, skip_empty_lines: true }
      const records = pipeThroughDuplex(textOf(source), {
        evaluate: () => parse({ ...options, max_record_size: maxLineBytes }),
        onError: problem(source)
      }) as unknown as Stream.Stream<Parsed, ArrowError, FileSystem.FileSystem> // the parser gives records, not bytes
      return Stream.concat(
        Stream.flattenIterable(Stream.map(records, (parsed) => table.row(parsed))),
        Stream.suspend(() => Stream.fromIterable(table.end()))
      )
    })

export const csvRows = delimitedRows(",")
export const tsvRows = delimitedRows("\t")
