import { Effect, FileSystem, Stream } from "effect"
import { fileProblem } from "../fileProblem.ts"
import { bytesOf } from "./bytesOf.ts"
import type { Source } from "./Source.ts"

/**
 * A file that can be read by ranges: the source itself, or a copy of it, unpacked and kept until the scope closes.
 *
 * Fails    ArrowError (FileMissing, FileRefused, FileDamaged)
 */
export const localPath = Effect.fnUntraced(function* (source: Source) {
  if (source.packing === "none") return source.path
  const fileSystem = yield* FileSystem.FileSystem
  const problem = fileProblem("write", source.path)
  const folder = yield* Effect.mapError(fileSystem.makeTempDirectoryScoped({ prefix: "prefloop-" }), problem)
  const path = `${folder}/unpacked`
  yield* Stream.run(bytesOf(source), fileSystem.sink(path)).pipe(
    Effect.catchTag("PlatformError", (error) => Effect.fail(problem(error)))
  )
  return path
})
