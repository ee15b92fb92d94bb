import { Effect } from "effect"
import { PipelineError, StepFailed } from "../errors.ts"

/** Says of any failure which pipeline it stopped. */
export const runError =
  (name: string) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, PipelineError, R> =>
    Effect.mapError(effect, (cause) => {
      if (cause instanceof PipelineError) return cause
      const reason = cause instanceof StepFailed ? cause : new StepFailed({ cause })
      return new PipelineError({ action: "run", what: name, reason })
    })
