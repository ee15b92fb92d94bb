import { Effect, type FileSystem, Schema, type Scope } from "effect"
import { ArrowError, RowInvalid } from "./errors.ts"
import { firstProblem } from "../../schemas/mod.ts"
import type { RecordSchema } from "./RecordSchema.ts"
import type { WriteRows } from "./withParquet.ts"
import { writeAtomically } from "./writeAtomically.ts"

const encoder = new TextEncoder()

/**
 * Runs `use` with what appends rows to a file, one JSON object per line; the file appears when `use` succeeds.
 *
 * Fails    ArrowError (FileMissing, FileRefused, RowInvalid), and what `use` fails with
 */
export const withJsonLines = <A, B, E, R>(
  path: string,
  schema: RecordSchema<A>,
  use: (write: WriteRows<A>) => Effect.Effect<B, E, R>
): Effect.Effect<B, E | ArrowError, Exclude<R, Scope.Scope> | FileSystem.FileSystem> => {
  const encode = Schema.encodeUnknownEffect(schema)
  const lineOf = (row: A, number: number) =>
    Effect.mapBoth(encode(row), {
      onSuccess: (value) => `${JSON.stringify(value)}\n`,
      onFailure: (error) => {
        const reason = new RowInvalid({ place: "line", number, ...firstProblem(schema, error, row) })
        return new ArrowError({ action: "write", path, reason })
      }
    })
  return writeAtomically(path, (append) => {
    let written = 0
    return use(
      Effect.fnUntraced(function* (rows) {
        const texts = yield* Effect.forEach(rows, (row, i) => lineOf(row, written + i + 1))
        yield* append(encoder.encode(texts.join("")))
        written += rows.length
      })
    )
  })
}
