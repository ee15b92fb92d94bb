import { layoutOf } from "./layoutOf.ts"
import type { RecordSchema } from "./RecordSchema.ts"

/**
 * The names of a record's columns, in order.
 *
 * Fails    ArrowError (ColumnUnsupported), thrown: the schema is the caller's.
 */
export const columnNames = (schema: RecordSchema<unknown>): ReadonlyArray<string> =>
  layoutOf(schema).members.map(({ name }) => name)
