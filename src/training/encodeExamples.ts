import { Effect, Result, Stream } from "effect"
import { checkRow } from "./check/checkRow.ts"
import { type EncodeOptions, type Example, makeEncoder } from "./encoding/mod.ts"
import { ExamplesTooFew, ExamplesUnreadable, NoExamples, type TrainingError } from "./errors.ts"
import { type Examples, rowsOf } from "./Examples.ts"
import { mismatch } from "./mismatch.ts"
import type { Encoded, Objective } from "./objective/mod.ts"

export type { Example } from "./encoding/mod.ts"

type Fail = (reason: TrainingError["reason"]) => TrainingError

/** Puts examples with the responses of the next one: each waits for that, the last for the first. */
const crossing = <E>(put: (example: Encoded) => Effect.Effect<void, E>, maxTokens: number) => {
  let first: Encoded | undefined
  let waiting: Encoded | undefined
  let cut = 0
  const cross = (example: Encoded, next: Encoded) => {
    const crossed = mismatch(example, next, maxTokens)
    cut += crossed.cut
    return put(crossed.example)
  }
  return {
    put: (example: Encoded) => {
      const before = waiting
      first ??= example
      waiting = example
      return before ? cross(before, example) : Effect.void
    },
    end: Effect.suspend(() => (first && waiting ? cross(waiting, first) : Effect.void)),
    cut: () => cut
  }
}

/**
 * Puts examples as token sequences, one after another, and gives the audit of what became of all of them.
 *
 * Domain   Memory holds one example, or three where one needs the responses of another.
 * Fails    RowsUnsuitable, FromReferenceMissing, ExampleInvalid for the first that has to be corrected, NoExamples, ExamplesTooFew,
 *          ExamplesUnreadable (through `fail`), and as `put` does.
 */
export const encodeExamples = Effect.fnUntraced(function* <E>(
  options: EncodeOptions & {
    readonly examples: Examples
    readonly objective: Objective
    readonly put: (example: Encoded) => Effect.Effect<void, E>
    readonly fail: Fail
  }
) {
  const { examples, fail, maxTokens, objective } = options
  const encoder = makeEncoder(options)
  const crossed = objective.mismatched ? crossing(options.put, maxTokens) : undefined
  const put = crossed?.put ?? options.put
  let row = 0
  const found: { problem?: TrainingError["reason"] } = {}
  const take = (example: Example): Effect.Effect<void, E | TrainingError> => {
    const unfit = checkRow(objective, example, row++)
    if (unfit?._tag === "RowsUnsuitable") return Effect.fail(fail(unfit))
    // rows of another kind are told before one that is silent, and both before one that cannot be encoded
    if (unfit && found.problem?._tag !== "FromReferenceMissing") found.problem = unfit
    const encoded = encoder.encode(example)
    if (Result.isFailure(encoded)) found.problem ??= encoded.failure
    else if (encoded.success && !found.problem) return put(encoded.success)
    return Effect.void
  }
  const rows = Stream.mapError(rowsOf(examples), (cause) => fail(new ExamplesUnreadable({ cause })))
  // one by one, since others may want the thread: there are thousands
  yield* Stream.runForEach(rows, (example) => Effect.andThen(Effect.yieldNow, take(example)))
  if (found.problem) return yield* fail(found.problem)
  if (crossed) yield* crossed.end
  const audit = encoder.audit()
  if (audit.kept === 0) return yield* fail(new NoExamples({ dropped: audit.examples }))
  if (objective.coupled && audit.kept < 2) {
    return yield* fail(new ExamplesTooFew({ loss: objective.name, found: audit.kept }))
  }
  return crossed ? { ...audit, truncated: { ...audit.truncated, mismatched: crossed.cut() } } : audit
})
