import { Effect, FileSystem, Option, Schema } from "effect"
import { isAlive } from "./isAlive.ts"

const Owner = Schema.NumberFromString.check(Schema.isInt(), Schema.isGreaterThan(0))

/** The process that a lock names; none where there is no lock, or no process in it. */
const owner = Effect.fnUntraced(function* (lock: string) {
  const files = yield* FileSystem.FileSystem
  const text = yield* Effect.option(files.readFileString(lock))
  return Option.flatMap(text, Schema.decodeUnknownOption(Owner))
})

/** Renames the lock of a dead process away; puts it back, and gives its process, when another one took its place meanwhile. */
const clear = Effect.fnUntraced(function* (lock: string) {
  const files = yield* FileSystem.FileSystem
  const aside = `${lock}.${process.pid}.dead.part`
  yield* files.rename(lock, aside)
  const moved = Option.filter(yield* owner(aside), isAlive)
  if (Option.isSome(moved)) yield* Effect.ignore(files.link(aside, lock))
  yield* files.remove(aside, { force: true })
  return moved
})

/**
 * Makes the file `lock`, which names this process, until the scope closes. What a process that is gone left is taken over.
 *
 * Fails    What `refuse` makes of the process that holds the lock; PlatformError.
 */
export const lockFile = Effect.fn("lockFile")(function* <E>(lock: string, refuse: (process: number) => E) {
  const files = yield* FileSystem.FileSystem
  const mine = `${lock}.${process.pid}.part`
  // a hard link appears whole or not at all, and only one process can make it
  const link = Effect.matchEffect(files.link(mine, lock), {
    onSuccess: () => Effect.succeed(true),
    onFailure: (error) => (error.reason._tag === "AlreadyExists" ? Effect.succeed(false) : Effect.fail(error))
  })
  const take = Effect.gen(function* () {
    if (yield* link) return
    const found = Option.filter(yield* owner(lock), isAlive)
    const holder = Option.isSome(found) ? found : yield* clear(lock)
    if (Option.isSome(holder)) return yield* Effect.fail(refuse(holder.value))
    if (!(yield* link)) return yield* Effect.fail(refuse(Option.getOrElse(yield* owner(lock), () => 0)))
  })
  yield* files.writeFileString(mine, String(process.pid))
  yield* Effect.acquireRelease(take, () => Effect.ignore(files.remove(lock))).pipe(
    Effect.ensuring(Effect.ignore(files.remove(mine)))
  )
})
