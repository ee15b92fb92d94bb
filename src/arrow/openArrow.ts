import { Effect, FileSystem } from "effect"
import { ArrowError, NotArrow } from "./errors.ts"
import { fileBatches } from "./file/arrowBatches.ts"
import { fileProblem } from "./fileProblem.ts"

const magic = "ARROW1"

/**
 * The schema of an Arrow IPC file and its batches, each checked before it is decoded; the file is open until the scope closes.
 *
 * Fails    ArrowError (FileMissing, FileRefused, NotArrow, FileTruncated, FileDamaged)
 */
export const openArrow = Effect.fnUntraced(function* (path: string) {
  const problem = fileProblem("read", path)
  const fileSystem = yield* FileSystem.FileSystem
  const file = yield* Effect.mapError(fileSystem.open(path), problem)
  const bytes = new Uint8Array(magic.length)
  const read = Number(yield* Effect.mapError(file.read(bytes), problem))
  const front = Buffer.from(bytes.subarray(0, read)).toString("latin1")
  if (!magic.startsWith(front))
    return yield* new ArrowError({ action: "read", path, reason: new NotArrow({ found: JSON.stringify(front) }) })
  return yield* fileBatches(path, file)
})
