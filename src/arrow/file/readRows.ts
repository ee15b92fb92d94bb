import { Effect, type FileSystem, Stream } from "effect"
import type { ArrowError } from "../errors.ts"
import type { RawRow } from "../RawRow.ts"
import type { FileKind } from "./fileKinds.ts"
import { openSource } from "./openSource.ts"
import type { ReadOptions } from "./ReadOptions.ts"
import { documentRows, jsonLineRows, textRows } from "./rowsByBytes.ts"
import { settle } from "./settle.ts"
import type { Reader } from "./Source.ts"

/** A reader whose libraries are loaded when it is first needed. */
const late =
  (load: () => Promise<Reader>): Reader =>
  (source) =>
    Stream.unwrap(Effect.map(Effect.promise(load), (reader) => reader(source)))

const readers: Readonly<Record<FileKind, Reader>> = {
  jsonl: jsonLineRows,
  json: documentRows,
  csv: late(async () => (await import("./csvRows.ts")).csvRows),
  tsv: late(async () => (await import("./csvRows.ts")).tsvRows),
  text: textRows,
  parquet: late(async () => (await import("./rowsByTables.ts")).parquetRows),
  arrow: late(async () => (await import("./rowsByTables.ts")).arrowRows)
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
