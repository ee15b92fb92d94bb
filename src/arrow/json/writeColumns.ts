import { Effect, type FileSystem, Stream } from "effect"
import type { ArrowError } from "../errors.ts"
import { FileBytes } from "../FileBytes.ts"
import type { RecordSchema } from "../RecordSchema.ts"
import { schemaOf } from "../schemaOf.ts"
import { writeAtomically } from "../writeAtomically.ts"
import type { Written } from "../Written.ts"
import type { ColumnBatch } from "./ColumnBatch.ts"

/**
 * Writes batches of columns as an Arrow IPC file, as they are: their rows were checked when the columns were made. The file
 * appears when it is complete; `metadata` is kept in its schema, and a batch without rows is left out.
 *
 * Fails    ArrowError (FileMissing, FileRefused), and what the stream fails with
 */
export const writeColumns =
  <A>(path: string, schema: RecordSchema<A>, metadata: Readonly<Record<string, string>> = {}) =>
  <E, R>(
    batches: Stream.Stream<ColumnBatch<A>, E, R>
  ): Effect.Effect<Written, E | ArrowError, R | FileSystem.FileSystem> =>
    writeAtomically(
      path,
      Effect.fnUntraced(function* (append) {
        const bytes = new FileBytes()
        yield* append(bytes.begin(schemaOf(schema, metadata)))
        const written = yield* Stream.runFoldEffect(
          batches,
          (): Written => ({ rows: 0, batches: 0 }),
          Effect.fnUntraced(function* (before, { length, recordBatch }) {
            if (length === 0) return before
            for (const piece of bytes.pieces(recordBatch)) yield* append(piece)
            return { rows: before.rows + length, batches: before.batches + 1 }
          })
        )
        yield* append(bytes.end())
        return written
      })
    )
