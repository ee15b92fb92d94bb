import { Effect, FileSystem, Path, Stream } from "effect"
import { createHash } from "node:crypto"

/** JSON with the keys of every object in order, so that equal values have equal texts. */
export const canonicalJson = (value: unknown): string =>
  JSON.stringify(value, (_, item: unknown) =>
    typeof item === "object" && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item
  )

/** SHA-256 of a value's canonical JSON, in hexadecimal. */
export const hashValue = (value: unknown): string => createHash("sha256").update(canonicalJson(value)).digest("hex")

/** The hash of an array whose elements come one by one: that of `hashValue`. */
export const hashSequence = () => {
  const digest = createHash("sha256").update("[")
  let count = 0
  return {
    add: (value: unknown): void => void digest.update(`${count++ === 0 ? "" : ","}${canonicalJson(value)}`),
    digest: (): string => digest.update("]").digest("hex")
  }
}

/** SHA-256 of the content of a file, in hexadecimal. */
export const hashFile = Effect.fn("hashFile")(function* (path: string) {
  const files = yield* FileSystem.FileSystem
  const digest = createHash("sha256")
  yield* files
    .stream(path, { chunkSize: 1 << 20 })
    .pipe(Stream.runForEach((chunk) => Effect.sync(() => digest.update(chunk))))
  return digest.digest("hex")
})

/** SHA-256 of the names and contents of the files of a folder (not of folders below it), in hexadecimal. */
export const hashFolder = Effect.fn("hashFolder")(function* (folder: string) {
  const files = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const names = (yield* files.readDirectory(folder)).sort()
  const hashes = yield* Effect.forEach(names, (name) =>
    Effect.gen(function* () {
      const full = path.join(folder, name)
      return (yield* files.stat(full)).type === "File" ? [name, yield* hashFile(full)] : []
    })
  )
  return hashValue(hashes)
})
