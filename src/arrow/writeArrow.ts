import { Effect, type FileSystem, Stream } from "effect"
import type { Batch } from "./Batch.ts"
import { checkRows } from "./checkRows.ts"
import type { ArrowError } from "./errors.ts"
import { FileBytes } from "./FileBytes.ts"
import { toRecordBatch } from "./recordBatch.ts"
import type { RecordSchema } from "./RecordSchema.ts"
import { schemaOf } from "./schemaOf.ts"
import { writeAtomically } from "./writeAtomically.ts"
import type { Written } from "./Written.ts"

/**
 * Writes batches as an Arrow IPC file, one record batch each; the file appears when it is complete. `metadata` is kept
 * in the schema of the file.
 *
 * Fails    ArrowError (FileMissing, FileRefused, RowInvalid), and what the stream fails with
 */
export const writeArrow = <A>(
  path: string,
  schema: RecordSchema<A>,
  metadata: Readonly<Record<string, string>> = {}
) => {
  const arrowSchema = schemaOf(schema, metadata)
  const check = checkRows("write", path, schema)
  return <E, R>(
    batches: Stream.Stream<Batch<A>, E, R>
  ): Effect.Effect<Written, E | ArrowError, R | FileSystem.FileSystem> =>
    writeAtomically(
      path,
      Effect.fnUntraced(function* (append) {
        const bytes = new FileBytes()
        yield* append(bytes.begin(arrowSchema))
        const written = yield* Stream.runFoldEffect(
          batches,
          (): Written => ({ rows: 0, batches: 0 }),
          Effect.fnUntraced(function* (before, { rows }) {
            const checked = yield* Effect.fromResult(check(rows, before.rows))
            yield* append(bytes.batch(toRecordBatch(schema, arrowSchema, checked)))
            return { rows: before.rows + rows.length, batches: before.batches + 1 }
          })
        )
        yield* append(bytes.end())
        return written
      })
    )
}
