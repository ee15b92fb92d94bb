import { Effect, FileSystem, Path } from "effect"

/** Asks the system to put a file or folder on the disk; systems that cannot sync a folder are left alone. */
export const syncPath = Effect.fnUntraced(function* (path: string) {
  const files = yield* FileSystem.FileSystem
  const folder = (yield* files.stat(path)).type === "Directory"
  const sync = Effect.flatMap(files.open(path, { flag: folder ? "r" : "r+" }), (file) => file.sync).pipe(Effect.scoped)
  yield* folder ? Effect.ignore(sync) : sync
})

/** Moves a finished file or folder from its temporary to its real name, so that it survives a power cut. */
export const publish = Effect.fn("publish")(function* (temporary: string, final: string) {
  const files = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  if ((yield* files.stat(temporary)).type === "Directory") {
    const names = yield* files.readDirectory(temporary)
    yield* Effect.forEach(names, (name) => syncPath(path.join(temporary, name)), { discard: true })
  }
  yield* syncPath(temporary)
  yield* files.rename(temporary, final)
  yield* syncPath(path.dirname(final))
})

/** Writes a small text file so that a reader sees the old or the new text, never a part. */
export const writeDurably = Effect.fn("writeDurably")(function* (final: string, text: string) {
  const files = yield* FileSystem.FileSystem
  const temporary = `${final}.part`
  yield* Effect.andThen(files.writeFileString(temporary, text), publish(temporary, final)).pipe(
    Effect.onError(() => Effect.ignore(files.remove(temporary, { force: true })))
  )
})
