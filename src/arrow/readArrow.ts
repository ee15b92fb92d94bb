import type { RecordBatch, Schema } from "apache-arrow"
import { Effect, type FileSystem, Stream } from "effect"
import type { Batch } from "./Batch.ts"
import { checkRows } from "./checkRows.ts"
import { ArrowError, FileDamaged, SchemaDiffers } from "./errors.ts"
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
    const reader = yield* openArrow(path)
    const problem = difference(schema, reader.schema)
    if (problem !== undefined) return yield* fail(problem)
    const next = (index: number) =>
      Effect.tryPromise({
        try: (): Promise<RecordBatch | null> => reader.readRecordBatch(index),
        catch: (cause) => fail(new FileDamaged({ cause }))
      })
    return Stream.unfold({ index: 0, first: 0 }, ({ index, first }) =>
      Effect.gen(function* () {
        if (index === reader.numRecordBatches) return undefined
        const recordBatch = yield* next(index)
        if (recordBatch === null) return yield* fail(new FileDamaged({ cause: `no record batch ${index}` }))
        const batch = fromRecordBatch(schema, recordBatch)
        if (rows === "checked") yield* Effect.fromResult(check(batch.rows, first))
        return [batch, { index: index + 1, first: first + batch.length }] as const
      })
    )
  })
  return Stream.unwrap(opened)
}
