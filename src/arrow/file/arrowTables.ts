import { type DataType, DataType as Types, type RecordBatch, type Schema } from "apache-arrow"
import { Effect, type FileSystem, Result, Stream } from "effect"
import { ArrowError, ColumnDamaged, FileDamaged, SchemaDiffers } from "../errors.ts"
import { type ArrowBatches, arrowBatches } from "./arrowBatches.ts"
import { arrowValues } from "./arrowValues.ts"
import type { Source } from "./Source.ts"
import type { FoundTable, Values } from "./Table.ts"

/** Whether values of a type, or of a type in it, have no plain form. */
const isOpaque = (type: DataType): boolean =>
  Types.isDecimal(type) ||
  Types.isUnion(type) ||
  Types.isInterval(type) ||
  (type.children ?? []).some((child) => isOpaque(child.type))

const columnFault = (schema: Schema, wanted: ReadonlyArray<string> | undefined): SchemaDiffers | undefined => {
  const names = schema.fields.map(({ name }) => name)
  const missing = wanted?.find((name) => !names.includes(name))
  if (missing !== undefined)
    return new SchemaDiffers({ column: missing, found: `columns ${names.join(", ")}`, wanted: "a column" })
  const opaque = schema.fields.find(({ name, type }) => (wanted ?? names).includes(name) && isOpaque(type))
  if (opaque === undefined) return undefined
  return new SchemaDiffers({
    column: opaque.name,
    found: String(opaque.type),
    wanted: "text, a number, a list or a struct"
  })
}

const tableOf = (path: string, batch: RecordBatch, names: ReadonlyArray<string>, first: number): FoundTable => {
  const columns = new Map<string, Values>()
  const length = batch.numRows
  if (!Number.isSafeInteger(length) || length < 0) {
    const reason = new FileDamaged({ cause: `a record batch of ${length} rows` })
    return Result.fail({ error: new ArrowError({ action: "read", path, reason }), rows: 0, isLast: true })
  }
  for (const name of names) {
    try {
      const data = batch.getChild(name)?.data[0]
      if (data === undefined || data.length !== length)
        throw new Error(`${data?.length ?? 0} values for ${length} rows`)
      columns.set(name, arrowValues(data))
    } catch (cause) {
      const reason = new ColumnDamaged({ column: name, first, last: first + length - 1, cause })
      return Result.fail({ error: new ArrowError({ action: "read", path, reason }), rows: length, isLast: false })
    }
  }
  const column = (name: string): Values => {
    const values = columns.get(name)
    if (values === undefined) throw new Error(`no column "${name}"`)
    return values
  }
  return Result.succeed({ first, length, names, column })
}

const tables = ({ path, options }: Source, { schema, batches }: ArrowBatches) => {
  const fault = columnFault(schema, options.columns)
  if (fault !== undefined) return Stream.fail(new ArrowError({ action: "read", path, reason: fault }))
  const names = options.columns ?? schema.fields.map(({ name }) => name)
  return batches.pipe(
    Stream.filter((batch) => batch.numRows !== 0),
    Stream.mapAccum(
      () => 0,
      (first, batch) => [first + batch.numRows, [tableOf(path, batch, names, first)]] as const
    )
  )
}

/** The record batches of an Arrow IPC file or stream, one at a time. */
export const arrowTables = (source: Source): Stream.Stream<FoundTable, ArrowError, FileSystem.FileSystem> =>
  Stream.unwrap(Effect.map(arrowBatches(source), (opened) => tables(source, opened)))
