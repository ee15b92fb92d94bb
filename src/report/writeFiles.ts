import { Effect, FileSystem, Path } from "effect"

/** Writes texts into a folder, which is made, and gives their paths; each appears when it is whole. Fails: PlatformError. */
export const writeFiles = Effect.fn("writeFiles")(function* (folder: string, texts: Readonly<Record<string, string>>) {
  const files = yield* FileSystem.FileSystem
  const { join } = yield* Path.Path
  yield* files.makeDirectory(folder, { recursive: true })
  return yield* Effect.forEach(
    Object.entries(texts),
    Effect.fnUntraced(function* ([name, text]) {
      const path = join(folder, name)
      yield* files.writeFileString(`${path}.tmp`, text)
      yield* files.rename(`${path}.tmp`, path)
      return path
    })
  )
})
