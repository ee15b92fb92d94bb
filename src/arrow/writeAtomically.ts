import { Effect, FileSystem, type Scope } from "effect"
import { fileProblem } from "./fileProblem.ts"
import type { ArrowError } from "./errors.ts"

/** Puts bytes at the end of the file that is being written. */
export type Append = (bytes: Uint8Array) => Effect.Effect<void, ArrowError>

/**
 * Writes a file that is either complete or absent: under a temporary name, flushed to the disk, then renamed.
 *
 * Fails    ArrowError, and what `write` fails with; the temporary file is then removed.
 */
export const writeAtomically = Effect.fnUntraced(function* <A, E, R>(
  path: string,
  write: (append: Append) => Effect.Effect<A, E, R>
): Effect.fn.Return<A, E | ArrowError, Exclude<R, Scope.Scope> | FileSystem.FileSystem> {
  const fileSystem = yield* FileSystem.FileSystem
  const problem = fileProblem("write", path)
  const temporary = `${path}.tmp`
  const written = Effect.gen(function* () {
    const file = yield* Effect.mapError(fileSystem.open(temporary, { flag: "w" }), problem)
    const result = yield* write((bytes) => Effect.mapError(file.writeAll(bytes), problem))
    yield* Effect.mapError(file.sync, problem)
    return result
  })
  return yield* Effect.scoped(written).pipe(
    Effect.tap(() => Effect.mapError(fileSystem.rename(temporary, path), problem)),
    Effect.onError(() => Effect.ignore(fileSystem.remove(temporary, { force: true })))
  )
})
