import { layoutOf } from "./layoutOf.ts"
import type { RecordSchema } from "./RecordSchema.ts"

/**
 * The names of the columns in which every record has a value, in order.
 *
 * Fails    ArrowError (ColumnUnsupported), thrown: the schema is the caller's.
 */
export const columnNames = (schema: RecordSchema<unknown>): ReadonlyArray<string> =>
  layoutOf(schema).members.flatMap(({ name, optional }) => (optional ? [] : [name]))
