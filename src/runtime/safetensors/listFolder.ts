import { Effect, FileSystem } from "effect"

/** The names in a folder, for an error; none where there is no such folder. */
export const listFolder = Effect.fnUntraced(function* (folder: string) {
  const fs = yield* FileSystem.FileSystem
  const names = yield* fs.readDirectory(folder).pipe(Effect.orElseSucceed((): Array<string> => []))
  return names.sort()
})
