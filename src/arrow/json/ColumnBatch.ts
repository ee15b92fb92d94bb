import type { RecordBatch } from "apache-arrow"
import type { Batch } from "../Batch.ts"
import { fromRecordBatch } from "../recordBatch.ts"
import type { RecordSchema } from "../RecordSchema.ts"

/** A batch whose rows were checked while they lie in columns; no object is made of a row until somebody asks. */
export interface ColumnBatch<out A> extends Batch<A> {
  readonly recordBatch: RecordBatch
}

/** A batch over columns that are known to fit `schema`. */
export const fromColumns = <A>(schema: RecordSchema<A>, recordBatch: RecordBatch): ColumnBatch<A> => {
  const batch = fromRecordBatch(schema, recordBatch)
  return {
    schema,
    length: batch.length,
    recordBatch,
    get rows() {
      return batch.rows
    },
    column: batch.column
  }
}
