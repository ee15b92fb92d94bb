import type { Schema } from "apache-arrow"
import { Effect, type FileSystem, Stream } from "effect"
import type { Batch } from "./Batch.ts"
import { checkRows } from "./checkRows.ts"
import { ArrowError, SchemaDiffers } from "./errors.ts"
import { layoutOf } from "./layoutOf.ts"
import { openArrow } from "./openArrow.ts"
import { fromRecordBatch } from "./recordBatch.ts"
import type { RecordSchema } from "./RecordSchema.ts"

const difference = (schema: RecordSchema<unknown>, found: Schema): SchemaDiffers | undefined => {
  for (const { name, column } of layoutOf(schema).members) {
    const field = found.fields.find((candidate) => candidate.name === name)
    const wanted = String(column.type)
    const names = found.fields.map((candidate) => candidate.name).join(", ")
    if (field === undefined) return new SchemaDiffers({ column: name, found: `columns ${names}`, wanted })
    if (String(field.type) !== wanted) return new SchemaDiffers({ column: name, found: String(field.type), wanted })
  }
  return undefined
}

/**
 * The batches of an Arrow IPC file, one at a time, in the order of the file; more columns, in any order, may lie in it.
 *
 * Domain   rows "checked" (unless told) decodes and checks every row; "trusted" leaves rows until somebody asks, for
 *          files of our own of which only some columns are read.
 * Fails    ArrowError (FileMissing, FileRefused, NotArrow, FileTruncated, FileDamaged, SchemaDiffers, RowInvalid)
 */
export const readArrow = <A>(
  path: string,
  schema: RecordSchema<A>,
  { rows = "checked" }: { readonly rows?: "checked" | "trusted" } = {}
): Stream.Stream<Batch<A>, ArrowError, FileSystem.FileSystem> => {
  const fail = (reason: ArrowError["reason"]) => new ArrowError({ action: "read", path, reason })
  const check = checkRows("read", path, schema)
  const opened = Effect.gen(function* () {
    const { batches, schema: found } = yield* openArrow(path)
    const problem = difference(schema, found)
    if (problem !== undefined) return yield* fail(problem)
    let first = 0
    return Stream.mapEffect(
      batches,
      Effect.fnUntraced(function* (recordBatch) {
        const batch = fromRecordBatch(schema, recordBatch)
        if (rows === "checked") yield* Effect.fromResult(check(batch.rows, first))
        first += batch.length
        return batch
      })
    )
  })
  return Stream.unwrap(opened)
}
