import { Effect, type FileSystem, Schema, Stream } from "effect"
import type { Batch } from "./Batch.ts"
import { ArrowError, RowInvalid } from "./errors.ts"
import { firstProblem } from "./firstProblem.ts"
import type { RecordSchema } from "./RecordSchema.ts"
import { writeAtomically } from "./writeAtomically.ts"
import type { Written } from "./Written.ts"

const encoder = new TextEncoder()

/**
 * Writes batches as one JSON object per line; the file appears when it is complete.
 *
 * Fails    ArrowError (FileMissing, FileRefused, RowInvalid), and what the stream fails with
 */
export const writeJsonLines = <A>(path: string, schema: RecordSchema<A>) => {
  const encode = Schema.encodeUnknownEffect(schema)
  const lineOf = (row: A, number: number) =>
    Effect.mapBoth(encode(row), {
      onSuccess: (value) => `${JSON.stringify(value)}\n`,
      onFailure: (error) => {
        const reason = new RowInvalid({ place: "line", number, ...firstProblem(schema, error, row) })
        return new ArrowError({ action: "write", path, reason })
      }
    })
  return <E, R>(
    batches: Stream.Stream<Batch<A>, E, R>
  ): Effect.Effect<Written, E | ArrowError, R | FileSystem.FileSystem> =>
    writeAtomically(path, (append) =>
      Stream.runFoldEffect(
        batches,
        (): Written => ({ rows: 0, batches: 0 }),
        (written, { rows }) =>
          Effect.forEach(rows, (row, i) => lineOf(row, written.rows + i + 1)).pipe(
            Effect.flatMap((texts) => append(encoder.encode(texts.join("")))),
            Effect.as({ rows: written.rows + rows.length, batches: written.batches + 1 })
          )
      )
    )
}
