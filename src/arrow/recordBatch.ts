import { RecordBatch, type Schema, type Struct } from "apache-arrow"
import type { Batch } from "./Batch.ts"
import { layoutOf } from "./layoutOf.ts"
import type { RecordSchema } from "./RecordSchema.ts"

/** Rows as an Arrow record batch of `arrowSchema`, which was derived from `schema`. */
export const toRecordBatch = <A>(schema: RecordSchema<A>, arrowSchema: Schema, rows: ReadonlyArray<A>): RecordBatch => {
  // rows of a record are objects: layoutOf throws for every other schema
  const data = layoutOf(schema).record.write(rows as ReadonlyArray<Readonly<Record<string, unknown>>>)
  return new RecordBatch(arrowSchema, data.clone(data.type as Struct)) // and their column is a struct
}

/** A batch over an Arrow record batch with the columns of `schema`; rows and columns are decoded when first asked for. */
export const fromRecordBatch = <A>(schema: RecordSchema<A>, recordBatch: RecordBatch): Batch<A> => {
  const { members, record } = layoutOf(schema)
  const length = recordBatch.numRows
  let rows: ReadonlyArray<A> | undefined
  return {
    schema,
    length,
    get rows() {
      if (rows === undefined) {
        const at = record.read(recordBatch.data)
        rows = Array.from({ length }, (_, i) => at(i) as A) // column types were compared when the file was opened
      }
      return rows
    },
    column<K extends keyof A>(name: K) {
      const member = members.find((candidate) => candidate.name === name)
      const data = recordBatch.getChild(name)?.data[0]
      const at = data === undefined ? undefined : member?.column.read(data)
      const absent = member?.optional === true ? undefined : null
      return Array.from({ length }, (_, i) => (at?.(i) ?? absent) as A[K]) // as for rows
    }
  }
}
