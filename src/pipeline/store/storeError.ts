import { DiskFull, PipelineError, StoreFailed } from "../errors.ts"
import { outOfSpace } from "../outOfSpace.ts"

/** An error of the file system as one about a folder that is written. */
export const storeError =
  (folder: string) =>
  (cause: unknown): PipelineError => {
    if (cause instanceof PipelineError) return cause
    const reason = outOfSpace(cause) ? new DiskFull({ folder, cause }) : new StoreFailed({ cause })
    return new PipelineError({ action: "use the run folder", what: folder, reason })
  }
