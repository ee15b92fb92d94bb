import { Effect, Predicate } from "effect"
import { CurationError, decodeSteps, StepsInvalid } from "../../curation/mod.ts"
import { readDocument } from "../file/readDocument.ts"

/**
 * The rules of a YAML file: a list of steps, or one under the key `filters`.
 *
 * Fails    PipelineError (FileUnreadable, KeysInvalid), CurationError (StepsInvalid)
 */
export const readSteps = Effect.fn("readSteps")(function* (path: string) {
  const { value } = yield* readDocument(path, "rules")
  const steps = decodeSteps(Predicate.hasProperty(value, "filters") ? value.filters : value)
  return yield* Effect.mapError(
    Effect.fromResult(steps),
    ({ reason }) =>
      new CurationError({
        action: "read the steps",
        reason: new StepsInvalid({ issues: `"${path}": ${reason.message}` })
      })
  )
})
