import { Effect, FileSystem, Stream } from "effect"
import type { ArrowError } from "../errors.ts"
import { kindOfName } from "../file/fileKinds.ts"
import { fileProblem } from "../fileProblem.ts"
import { readBytes } from "../readBytes.ts"

/**
 * The bytes of a file, as `readBytes` gives them, but a chunk lies in the memory of the one before: it must be used up
 * before the next is asked for.
 *
 * Units    `chunkSize` in bytes.
 * Fails    ArrowError (FileMissing, FileRefused, FileDamaged)
 */
export const readChunks = (
  path: string,
  chunkSize: number
): Stream.Stream<Uint8Array, ArrowError, FileSystem.FileSystem> => {
  if (kindOfName(path).packing !== "none") return readBytes(path, { chunkSize })
  const problem = fileProblem("read", path)
  return Stream.unwrap(
    Effect.gen(function* () {
      const fileSystem = yield* FileSystem.FileSystem
      const file = yield* Effect.mapError(fileSystem.open(path), problem)
      const buffer = new Uint8Array(chunkSize)
      const read = Effect.mapError(file.read(buffer), problem)
      return Stream.unfold(undefined, () =>
        Effect.map(read, (bytes) => {
          const count = Number(bytes)
          return count === 0 ? undefined : ([buffer.subarray(0, count), undefined] as const)
        })
      )
    })
  )
}
