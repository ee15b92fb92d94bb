import { type DecodedArray, parquetSchema, type RowGroup } from "hyparquet"
import { assembleAsync } from "hyparquet/src/rowgroup.js"
import { getTreePath } from "hyparquet/src/schema.js"
import { Effect, type FileSystem, Result, Stream } from "effect"
import { ArrowError, ColumnDamaged } from "../errors.ts"
import { type OpenParquet, openParquet } from "./openParquet.ts"
import { rangeOf } from "./parquet/footerFault.ts"
import { parsers, readChunk } from "./parquet/readChunk.ts"
import type { Source } from "./Source.ts"
import type { FoundTable, Table, Values } from "./Table.ts"

/** Where a row group lies, and what the footer says of it. */
interface Group {
  readonly first: number
  readonly length: number
  readonly told: RowGroup
}

const joined = (chunks: ReadonlyArray<DecodedArray>): Values => {
  const [only, next] = chunks
  if (only === undefined) return []
  if (next === undefined) return only
  const Kind = only.constructor as { new (length: number): Float64Array } // every typed array is made and filled alike
  if (Array.isArray(only) || chunks.some((chunk) => chunk.constructor !== Kind))
    return chunks.flatMap((chunk) => [...chunk])
  const all = new Kind(chunks.reduce((sum, chunk) => sum + chunk.length, 0))
  let at = 0
  for (const chunk of chunks) {
    all.set(chunk as Float64Array, at) // of the same kind
    at += chunk.length
  }
  return all
}

/** The values of some columns of a row group. Rejects with what hyparquet throws, or with a column of another length. */
const readGroup = async (open: OpenParquet, group: Group, columns: ReadonlyArray<string>) => {
  const { length } = group
  const tree = parquetSchema(open.metadata)
  const told = group.told.columns.flatMap(({ meta_data }) => meta_data ?? [])
  const wanted = told.filter(({ path_in_schema: [name = ""] }) => columns.includes(name))
  const asyncColumns = []
  for (const column of wanted) {
    const { start, end } = rangeOf(column)
    const bytes = new Uint8Array(await open.file.slice(start, end))
    const { path_in_schema: pathInSchema } = column
    const data = readChunk({ bytes, column, schemaPath: getTreePath(tree, pathInSchema), rows: length })
    asyncColumns.push({ pathInSchema, data: Promise.resolve({ skipped: 0, data: [...data] }) })
  }
  const assembled = assembleAsync({ groupStart: 0, groupRows: length, asyncColumns }, tree, parsers).asyncColumns
  const chunks = await Promise.all(
    assembled.map(async ({ pathInSchema: [name = ""], data }) => [name, (await data).data] as const)
  )
  return new Map(
    chunks.map(([name, parts]) => {
      const values = joined(parts)
      if (values.length !== length) throw new Error(`${values.length} values for ${length} rows`)
      return [name, values] as const
    })
  )
}

/** Which column of a row group is damaged, found by reading one after the other. */
const damagedColumn = async (open: OpenParquet, group: Group): Promise<ColumnDamaged> => {
  const place = { first: group.first, last: group.first + group.length - 1 }
  for (const column of open.names) {
    try {
      await readGroup(open, group, [column])
    } catch (cause) {
      return new ColumnDamaged({ column, ...place, cause })
    }
  }
  return new ColumnDamaged({ column: open.names.join(", "), ...place, cause: "no column alone" })
}

const tableOf = (path: string, open: OpenParquet, group: Group): Effect.Effect<FoundTable> =>
  Effect.promise(async (): Promise<FoundTable> => {
    try {
      const columns = await readGroup(open, group, open.names)
      const table: Table = {
        first: group.first,
        length: group.length,
        names: open.names,
        column: (name) => {
          const values = columns.get(name)
          if (values === undefined) throw new Error(`no column "${name}"`)
          return values
        }
      }
      return Result.succeed(table)
    } catch {
      const error = new ArrowError({ action: "read", path, reason: await damagedColumn(open, group) })
      return Result.fail({ error, rows: group.length, isLast: false })
    }
  })

/** The row groups of a Parquet file, one at a time. */
export const parquetTables = (source: Source): Stream.Stream<FoundTable, ArrowError, FileSystem.FileSystem> =>
  Stream.unwrap(
    Effect.map(openParquet(source), (open) => {
      let first = 0
      const groups = open.metadata.row_groups.map((told) => {
        const group = { first, length: Number(told.num_rows), told }
        first += group.length
        return group
      })
      return Stream.fromIterable(groups).pipe(
        Stream.rechunk(1),
        Stream.filter(({ length }) => length > 0),
        Stream.mapEffect((group) => tableOf(source.path, open, group))
      )
    })
  )
