import { Effect } from "effect"
import { encodeAll, type EncodeOptions, type Example } from "./encoding/mod.ts"
import { NoExamples, type TrainingError } from "./errors.ts"

export type { Example } from "./encoding/mod.ts"

/**
 * Examples as token sequences for a training run, with the audit of what became of all of them.
 *
 * Fails    ExampleInvalid for the first that has to be corrected, NoExamples (through `fail`).
 */
export const encodeExamples = Effect.fnUntraced(function* (
  options: EncodeOptions & {
    readonly examples: ReadonlyArray<Example>
    readonly fail: (reason: TrainingError["reason"]) => TrainingError
  }
) {
  const { audit, encoded, problems } = encodeAll(options.examples, options)
  if (problems[0]) return yield* options.fail(problems[0])
  if (encoded.length === 0) return yield* options.fail(new NoExamples({ dropped: audit.examples }))
  return { encoded, audit, dropped: audit.dropped }
})
