import { Effect } from "effect"
import { TrainingError } from "../../training/mod.ts"
import { DiskFull, InputsInvalid, PipelineError, StepFailed } from "../errors.ts"
import { outOfSpace } from "../outOfSpace.ts"

/** A training that does not fit into its memory: other settings mend it, and the folder keeps what was made so far. */
const tooLarge = ({ cause }: StepFailed): InputsInvalid | undefined =>
  cause instanceof TrainingError && cause.reason._tag === "MemoryExceeded"
    ? new InputsInvalid({ issues: [{ at: "", key: "", detail: cause.message }] })
    : undefined

/** Says of any failure which pipeline it stopped, and of a full disk which folder lies on it. */
export const runError =
  (name: string, folder: string) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, PipelineError, R> =>
    Effect.mapError(effect, (cause) => {
      if (cause instanceof PipelineError) return cause
      const other = cause instanceof StepFailed ? cause : new StepFailed({ cause })
      const reason = outOfSpace(cause) ? new DiskFull({ folder, cause }) : (tooLarge(other) ?? other)
      return new PipelineError({ action: "run", what: name, reason })
    })
