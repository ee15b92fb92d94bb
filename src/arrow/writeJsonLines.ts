import { Effect, type FileSystem, Stream } from "effect"
import type { Batch } from "./Batch.ts"
import type { ArrowError } from "./errors.ts"
import type { RecordSchema } from "./RecordSchema.ts"
import { withJsonLines } from "./withJsonLines.ts"
import type { Written } from "./Written.ts"

/**
 * Writes batches as one JSON object per line; the file appears when it is complete.
 *
 * Fails    ArrowError (FileMissing, FileRefused, RowInvalid), and what the stream fails with
 */
export const writeJsonLines =
  <A>(path: string, schema: RecordSchema<A>) =>
  <E, R>(batches: Stream.Stream<Batch<A>, E, R>): Effect.Effect<Written, E | ArrowError, R | FileSystem.FileSystem> =>
    withJsonLines(path, schema, (write) =>
      Stream.runFoldEffect(
        batches,
        (): Written => ({ rows: 0, batches: 0 }),
        (before, { rows }) => Effect.as(write(rows), { rows: before.rows + rows.length, batches: before.batches + 1 })
      )
    )
