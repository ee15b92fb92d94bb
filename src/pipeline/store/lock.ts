import { Effect, Path } from "effect"
import { lockFile } from "../../arrow/mod.ts"
import { FolderLocked, PipelineError } from "../errors.ts"

/**
 * Takes the run folder for this process until the scope closes. The lock of a process that is gone is taken over.
 *
 * Fails    PipelineError: FolderLocked; PlatformError.
 */
export const lockFolder = Effect.fn("lockFolder")(function* (folder: string) {
  const path = yield* Path.Path
  const refuse = (process: number) =>
    new PipelineError({ action: "use the run folder", what: folder, reason: new FolderLocked({ process }) })
  yield* lockFile(path.join(folder, "lock"), refuse)
})
