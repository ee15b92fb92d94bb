import { Field, Schema } from "apache-arrow"
import { layoutOf } from "./layoutOf.ts"
import type { RecordSchema } from "./RecordSchema.ts"

/**
 * The Arrow schema derived from a record, with `metadata` as its key and value strings.
 *
 * Fails    ArrowError (ColumnUnsupported), thrown: the schema is the caller's.
 */
export const schemaOf = (schema: RecordSchema<unknown>, metadata: Readonly<Record<string, string>> = {}): Schema =>
  new Schema(
    layoutOf(schema).members.map(({ name, column, nullable }) => new Field(name, column.type, nullable)),
    new Map(Object.entries(metadata))
  )
