import { layoutOf } from "./layoutOf.ts"
import type { RecordSchema } from "./RecordSchema.ts"

/**
 * The names of the columns that a record may leave out, in order.
 *
 * Fails    ArrowError (ColumnUnsupported), thrown: the schema is the caller's.
 */
export const optionalColumns = (schema: RecordSchema<unknown>): ReadonlyArray<string> =>
  layoutOf(schema).members.flatMap(({ name, optional }) => (optional ? [name] : []))
