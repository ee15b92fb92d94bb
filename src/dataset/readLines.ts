import { Effect, FileSystem } from "effect"
import { gunzipSync } from "node:zlib"
import { DatasetError, FileUnreadable } from "./errors.ts"

const unreadable = (path: string, found: string) => (cause: unknown) =>
  new DatasetError({ path, reason: new FileUnreadable({ found, cause }) })

/**
 * The lines of a text file, decompressed when its name ends in `.gz`.
 *
 * Fails    DatasetError: FileUnreadable.
 */
export const readLines = Effect.fn("readLines")(function* (path: string) {
  const files = yield* FileSystem.FileSystem
  const bytes = yield* files
    .readFile(path)
    .pipe(
      Effect.catchTag("PlatformError", (cause) =>
        Effect.fail(unreadable(path, cause.reason._tag === "NotFound" ? "no such file" : cause.reason._tag)(cause))
      )
    )
  const plain = path.endsWith(".gz")
    ? yield* Effect.try({ try: () => gunzipSync(bytes), catch: unreadable(path, "bytes that are not gzip") })
    : bytes
  return new TextDecoder().decode(plain).split(/\r?\n/)
})
