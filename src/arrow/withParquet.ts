import { Effect, type FileSystem, type Scope } from "effect"
import { checkRows } from "./checkRows.ts"
import type { ArrowError } from "./errors.ts"
import type { ParquetOptions } from "./ParquetBytes.ts"
import type { RecordSchema } from "./RecordSchema.ts"
import { writeAtomically } from "./writeAtomically.ts"

/** Puts rows at the end of a file that is being written. */
export type WriteRows<A> = (rows: ReadonlyArray<A>) => Effect.Effect<void, ArrowError>

/**
 * Runs `use` with what appends rows to a Parquet file, one row group for each call; the file appears when `use` succeeds.
 *
 * Fails    ArrowError (FileMissing, FileRefused, RowInvalid), and what `use` fails with
 */
export const withParquet = <A extends object, B, E, R>(
  path: string,
  schema: RecordSchema<A>,
  options: ParquetOptions,
  use: (write: WriteRows<A>) => Effect.Effect<B, E, R>
): Effect.Effect<B, E | ArrowError, Exclude<R, Scope.Scope> | FileSystem.FileSystem> => {
  const check = checkRows("write", path, schema)
  return writeAtomically(
    path,
    Effect.fnUntraced(function* (append) {
      const { ParquetBytes } = yield* Effect.promise(() => import("./ParquetBytes.ts"))
      const bytes = new ParquetBytes(schema, options)
      let written = 0
      const result = yield* use(
        Effect.fnUntraced(function* (rows) {
          const checked = yield* Effect.fromResult(check(rows, written))
          yield* append(bytes.group(checked))
          written += rows.length
        })
      )
      yield* append(bytes.end())
      return result
    })
  )
}
