import { Effect, type FileSystem, Stream } from "effect"
import type { ArrowError } from "../errors.ts"
import type { RawRow } from "../RawRow.ts"
import { csvRows, tsvRows } from "./csvRows.ts"
import type { FileKind } from "./fileKinds.ts"
import { openSource } from "./openSource.ts"
import type { ReadOptions } from "./ReadOptions.ts"
import { documentRows, jsonLineRows, textRows } from "./rowsByBytes.ts"
import { arrowRows, parquetRows } from "./rowsByTables.ts"
import { settle } from "./settle.ts"
import type { Reader } from "./Source.ts"

const readers: Readonly<Record<FileKind, Reader>> = {
  jsonl: jsonLineRows,
  json: documentRows,
  csv: csvRows,
  tsv: tsvRows,
  text: textRows,
  parquet: parquetRows,
  arrow: arrowRows
}

/**
 * The rows of a file as it is read, each an object: JSON lines, a JSON document, CSV, TSV, lines of text, Parquet or
 * Arrow IPC, also packed by gzip or zstd. What it is comes from its name, unless told, and is checked against its first
 * bytes. A row's place is a line in JSON lines, CSV, TSV and text, else a row.
 *
 * Domain   CSV and TSV give texts; integers of 64 bits are numbers where that is exact; times are texts in ISO 8601 from
 *          Parquet, milliseconds since 1970 from Arrow. A packed Parquet or Arrow file is unpacked into a temporary one.
 * Fails    ArrowError
 */
export const readRows = (
  path: string,
  options: ReadOptions = {}
): Stream.Stream<RawRow, ArrowError, FileSystem.FileSystem> =>
  Stream.unwrap(Effect.map(openSource(path, options), (source) => settle(options)(readers[source.kind](source))))
