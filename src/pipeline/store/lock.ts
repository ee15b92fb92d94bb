import { Effect, FileSystem, Option, Path } from "effect"
import { isAlive } from "../../arrow/mod.ts"
import { FolderLocked, PipelineError } from "../errors.ts"

const owner = Effect.fnUntraced(function* (lock: string) {
  const files = yield* FileSystem.FileSystem
  const text = yield* Effect.option(files.readFileString(lock))
  return Option.map(text, (found) => Number.parseInt(found, 10))
})

/**
 * Takes the run folder for this process until the scope closes. The lock of a process that is gone is taken over.
 *
 * Fails    PipelineError: FolderLocked.
 */
export const lockFolder = Effect.fn("lockFolder")(function* (folder: string) {
  const files = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const lock = path.join(folder, "lock")
  const mine = path.join(folder, `lock.${process.pid}.part`)
  const refuse = (found: number) =>
    new PipelineError({ action: "use the run folder", what: folder, reason: new FolderLocked({ process: found }) })
  /** Renames the lock of a dead process away; puts it back when another process took its place meanwhile. */
  const clear = Effect.fnUntraced(function* (dead: number) {
    const aside = path.join(folder, `lock.${process.pid}.dead.part`)
    yield* files.rename(lock, aside)
    const moved = Option.getOrElse(yield* owner(aside), () => dead)
    if (moved !== dead) {
      yield* Effect.ignore(files.link(aside, lock))
      return yield* refuse(moved)
    }
    yield* files.remove(aside, { force: true })
  })
  /** A hard link appears whole or not at all, and only one process can make it. */
  const take = Effect.gen(function* () {
    const found = yield* owner(lock)
    if (Option.isSome(found)) {
      if (isAlive(found.value)) return yield* refuse(found.value)
      yield* clear(found.value)
    }
    yield* files.link(mine, lock).pipe(
      Effect.catchTag(
        "PlatformError",
        Effect.fnUntraced(function* (error) {
          if (error.reason._tag !== "AlreadyExists") return yield* error
          return yield* refuse(Option.getOrElse(yield* owner(lock), () => 0))
        })
      )
    )
  })
  yield* files.writeFileString(mine, String(process.pid))
  yield* Effect.acquireRelease(take, () => Effect.ignore(files.remove(lock))).pipe(
    Effect.ensuring(Effect.ignore(files.remove(mine)))
  )
})
