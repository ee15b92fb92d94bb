import { Effect } from "effect"
import { DiskFull, PipelineError, StepFailed } from "../errors.ts"
import { outOfSpace } from "../outOfSpace.ts"

/** Says of any failure which pipeline it stopped, and of a full disk which folder lies on it. */
export const runError =
  (name: string, folder: string) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, PipelineError, R> =>
    Effect.mapError(effect, (cause) => {
      if (cause instanceof PipelineError) return cause
      const other = cause instanceof StepFailed ? cause : new StepFailed({ cause })
      const reason = outOfSpace(cause) ? new DiskFull({ folder, cause }) : other
      return new PipelineError({ action: "run", what: name, reason })
    })
