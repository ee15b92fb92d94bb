import { type Data, DataType, type RecordBatch, type Utf8 } from "apache-arrow"
import { ArrowError, SchemaDiffers } from "../../errors.ts"

/**
 * A column of a batch by its name.
 *
 * Fails    ArrowError (SchemaDiffers), thrown: the name is the caller's.
 */
export const columnOf = (batch: RecordBatch, name: string): Data => {
  const data = batch.getChild(name)?.data[0]
  if (data !== undefined) return data
  const found = `columns ${batch.schema.fields.map((field) => field.name).join(", ")}`
  const reason = new SchemaDiffers({ column: name, found, wanted: "one of them" })
  throw new ArrowError({ action: "read", path: "a batch", reason })
}

/**
 * A column of text by its name.
 *
 * Fails    ArrowError (SchemaDiffers), thrown: the name is the caller's.
 */
export const textOf = (batch: RecordBatch, name: string): Data<Utf8> => {
  const data = columnOf(batch, name)
  if (DataType.isUtf8(data.type)) return data as Data<Utf8> // its type was just looked at
  const reason = new SchemaDiffers({ column: name, found: String(data.type), wanted: "Utf8" })
  throw new ArrowError({ action: "read", path: "a batch", reason })
}

/** Whether the values of a column are present, by row: Arrow's own question looks at the column's type each time. */
export const presenceOf = (data: Data): ((row: number) => boolean) => {
  if (data.nullCount === 0) return () => true
  const { nullBitmap, offset } = data
  return (row) => (((nullBitmap[(offset + row) >> 3] ?? 0) >> ((offset + row) & 7)) & 1) === 1
}
