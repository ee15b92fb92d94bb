import { Effect, Result } from "effect"
import { checkRows } from "./check/checkRows.ts"
import { encodeExample, type EncodeOptions, type Example, gatherOutcomes } from "./encoding/mod.ts"
import { ExamplesTooFew, NoExamples, type TrainingError } from "./errors.ts"
import { mismatch } from "./mismatch.ts"
import type { Objective } from "./objective/mod.ts"

export type { Example } from "./encoding/mod.ts"

/**
 * Examples as token sequences for a training run, with the audit of what became of all of them.
 *
 * Fails    RowsUnsuitable, FromReferenceMissing, ExampleInvalid for the first that has to be corrected, NoExamples, ExamplesTooFew (through `fail`).
 */
export const encodeExamples = Effect.fnUntraced(function* (
  options: EncodeOptions & {
    readonly examples: ReadonlyArray<Example>
    readonly objective: Objective
    readonly fail: (reason: TrainingError["reason"]) => TrainingError
  }
) {
  const { examples, fail, maxTokens, objective } = options
  yield* Effect.fromResult(Result.mapError(checkRows(objective, examples), fail))
  // one by one, since others may want the thread: there are thousands
  const outcomes = yield* Effect.forEach(examples, (example, row) =>
    Effect.map(Effect.yieldNow, () => encodeExample(example, row, options))
  )
  const { audit, encoded, problems } = gatherOutcomes(examples, outcomes, options)
  if (problems[0]) return yield* fail(problems[0])
  if (encoded.length === 0) return yield* fail(new NoExamples({ dropped: audit.examples }))
  if (objective.coupled && encoded.length < 2) {
    return yield* fail(new ExamplesTooFew({ loss: objective.name, found: encoded.length }))
  }
  if (!objective.mismatched) return { encoded, audit }
  const crossed = mismatch(encoded, maxTokens)
  return { encoded: crossed.examples, audit: { ...audit, truncated: { ...audit.truncated, mismatched: crossed.cut } } }
})
