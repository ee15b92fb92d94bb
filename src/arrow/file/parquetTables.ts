import { type DecodedArray, parquetRead, type ParquetParsers } from "hyparquet"
import { Effect, type FileSystem, Result, Stream } from "effect"
import { ArrowError, ColumnDamaged } from "../errors.ts"
import { decompressors } from "./decompressors.ts"
import { type OpenParquet, openParquet } from "./openParquet.ts"
import type { Source } from "./Source.ts"
import type { FoundTable, Table, Values } from "./Table.ts"
import { textFromBytes } from "./textFromBytes.ts"

/** Where a row group lies. */
interface Group {
  readonly first: number
  readonly length: number
}

const parsers: Partial<ParquetParsers> = {
  stringFromBytes: (bytes) => (bytes === undefined ? undefined : textFromBytes(bytes))
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
const readGroup = async ({ file, metadata }: OpenParquet, { first, length }: Group, columns: ReadonlyArray<string>) => {
  const chunks = new Map<string, Array<DecodedArray>>(columns.map((name) => [name, []]))
  await parquetRead({
    file,
    metadata,
    columns: [...columns],
    rowStart: first,
    rowEnd: first + length,
    compressors: decompressors,
    parsers,
    onChunk: ({ columnName, columnData }) => chunks.get(columnName)?.push(columnData)
  })
  return new Map(
    [...chunks].map(([name, parts]) => {
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
        ...group,
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
      const groups = open.metadata.row_groups.map(({ num_rows }) => {
        const group = { first, length: Number(num_rows) }
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
