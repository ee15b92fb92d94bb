import { Effect, Result } from "effect"
import { openCheckpoint } from "../checkpoint/mod.ts"
import { checkSettings } from "./check/checkSettings.ts"
import { encodeExamples } from "./encodeExamples.ts"
import { HeldOutEmpty, ReferenceMissing, TrainingError } from "./errors.ts"
import type { Examples } from "./Examples.ts"
import { type Encoded, objectiveOf } from "./objective/mod.ts"
import type { TrainRequest } from "./TrainRequest.ts"

/** Where examples are put as tokens, and what stands there when all are put. */
export interface Place<Kept, E> {
  readonly put: (example: Encoded) => Effect.Effect<void, E>
  readonly kept: Kept
}

/**
 * The checkpoint of a training without its weights, and all examples as tokens in a place that is opened for them.
 *
 * Fails    TrainingError, CheckpointError, ModelError, TextError, RuntimeError; and as the place does.
 */
export const encodeRequest = Effect.fnUntraced(function* <Kept, E, R>(
  request: Omit<TrainRequest, "onStep">,
  open: (part: "examples" | "heldOut") => Effect.Effect<Place<Kept, E>, E, R>
) {
  const fail = (reason: TrainingError["reason"]) => new TrainingError({ model: request.from, reason })
  const objective = yield* Effect.fromResult(Result.mapError(objectiveOf(request.objective, request), fail))
  yield* Effect.fromResult(Result.mapError(checkSettings(request, objective), fail))
  if (objective.reference && request.reference === undefined) return yield* fail(new ReferenceMissing())
  if (request.heldOut?.examples.length === 0) return yield* fail(new HeldOutEmpty())
  const checkpoint = yield* openCheckpoint(request.from)
  const { config, tokenizer } = checkpoint
  const maxTokens = Math.min(request.maxTokens, config.max_position_embeddings)
  const pairwise = objective.asks === "letter" ? { seed: request.seed } : undefined
  const encode = Effect.fnUntraced(function* (part: "examples" | "heldOut", examples: Examples) {
    const { kept, put } = yield* open(part)
    const audit = yield* encodeExamples({ ...request, examples, objective, tokenizer, maxTokens, pairwise, put, fail })
    return { kept, audit }
  })
  const { audit, kept: encoded } = yield* encode("examples", request.examples)
  if (request.onAudit) yield* request.onAudit(audit)
  const heldOut = request.heldOut ? (yield* encode("heldOut", request.heldOut.examples)).kept : undefined
  return { fail, objective, checkpoint, encoded, heldOut, dropped: audit.dropped }
})
