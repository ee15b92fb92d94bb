import { type FileSystem, Result, Stream } from "effect"
import type { ArrowError } from "../errors.ts"
import { arrowTables } from "./arrowTables.ts"
import { type Found, foundRow, trouble } from "./Found.ts"
import { parquetTables } from "./parquetTables.ts"
import { plainRow } from "./plain.ts"
import type { Reader, Source } from "./Source.ts"
import type { FoundTable } from "./Table.ts"

type Tables = (source: Source) => Stream.Stream<FoundTable, ArrowError, FileSystem.FileSystem>

const rowsOf = (path: string, table: FoundTable): ReadonlyArray<Found> => {
  if (Result.isFailure(table)) return [Result.fail(table.failure)]
  const { first, length, names, column } = table.success
  const columns = names.map((name) => [name, column(name)] as const)
  return Array.from({ length }, (_, i) => {
    const row = plainRow(Object.fromEntries(columns.map(([name, values]) => [name, values[i]])), first + i)
    return Result.isSuccess(row) ? foundRow("row", first + i, row.success) : trouble(path, row.failure)
  })
}

const rows =
  (tables: Tables): Reader =>
  (source) =>
    Stream.flattenIterable(Stream.map(tables(source), (table) => rowsOf(source.path, table)))

/** The rows of Arrow IPC as plain objects. */
export const arrowRows = rows(arrowTables)

/** The rows of Parquet as plain objects. */
export const parquetRows = rows(parquetTables)
