import { Effect, type FileSystem, Stream } from "effect"
import type { Batch } from "./Batch.ts"
import type { ArrowError } from "./errors.ts"
import type { ParquetOptions } from "./ParquetBytes.ts"
import type { RecordSchema } from "./RecordSchema.ts"
import { regroup } from "./regroup.ts"
import { withParquet } from "./withParquet.ts"
import type { Written } from "./Written.ts"

/**
 * Writes batches as a Parquet file; the file appears when it is complete, and memory holds one row group at a time.
 *
 * Units    `rowsPerGroup` in rows; `batches` of what was written counts row groups.
 * Domain   integers lie as INT64, lists of structs as other readers expect them; a lone surrogate becomes U+FFFD.
 * Fails    ArrowError (FileMissing, FileRefused, RowInvalid), and what the stream fails with
 */
export const writeParquet =
  <A extends object>(
    path: string,
    schema: RecordSchema<A>,
    { rowsPerGroup = 1000, ...options }: ParquetOptions & { readonly rowsPerGroup?: number } = {}
  ) =>
  <E, R>(batches: Stream.Stream<Batch<A>, E, R>): Effect.Effect<Written, E | ArrowError, R | FileSystem.FileSystem> =>
    withParquet(path, schema, options, (write) =>
      Stream.runFoldEffect(
        regroup(rowsPerGroup)(batches),
        (): Written => ({ rows: 0, batches: 0 }),
        (before, rows) => Effect.as(write(rows), { rows: before.rows + rows.length, batches: before.batches + 1 })
      )
    )
