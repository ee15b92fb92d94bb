import { Effect, Fiber, FileSystem, Scope } from "effect"
import { beside } from "./beside.ts"
import { fileProblem } from "./fileProblem.ts"
import type { ArrowError } from "./errors.ts"

/** Puts bytes at the end of the file that is being written. */
export type Append = (bytes: Uint8Array) => Effect.Effect<void, ArrowError>

/** Bytes after which a flush begins beside the writing, so that little is left for the last one. */
const flushEvery = 1 << 24

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
    const scope = yield* Scope.Scope
    const file = yield* Effect.mapError(fileSystem.open(temporary, { flag: "w" }), problem)
    const flush = Effect.mapError(file.sync, problem)
    let flushing: Fiber.Fiber<void, ArrowError> | undefined
    let waiting = 0
    const append = Effect.fnUntraced(function* (bytes: Uint8Array) {
      yield* Effect.mapError(file.writeAll(bytes), problem)
      waiting += bytes.length
      // a disk that is busy is asked less often
      if (waiting < flushEvery || (flushing !== undefined && flushing.pollUnsafe() === undefined)) return
      waiting = 0
      if (flushing !== undefined) yield* Fiber.join(flushing)
      flushing = yield* Effect.provideService(beside(flush), Scope.Scope, scope)
    })
    const result = yield* write(append)
    if (flushing !== undefined) yield* Fiber.join(flushing)
    yield* flush
    return result
  })
  return yield* Effect.scoped(written).pipe(
    Effect.tap(() => Effect.mapError(fileSystem.rename(temporary, path), problem)),
    Effect.onError(() => Effect.ignore(fileSystem.remove(temporary, { force: true })))
  )
})
