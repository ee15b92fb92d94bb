import { Effect, Result } from "effect"
import { openCheckpoint } from "../checkpoint/mod.ts"
import { checkSettings } from "./check/checkSettings.ts"
import { encodeExamples, type Example } from "./encodeExamples.ts"
import { HeldOutEmpty, ReferenceMissing, TrainingError } from "./errors.ts"
import { objectiveOf } from "./objective/mod.ts"
import type { TrainRequest } from "./TrainRequest.ts"

/**
 * The checkpoint of a training without its weights, and all examples as tokens.
 *
 * Fails    TrainingError, CheckpointError, ModelError, TextError, RuntimeError.
 */
export const encodeRequest = Effect.fnUntraced(function* (request: Omit<TrainRequest, "onStep">) {
  const fail = (reason: TrainingError["reason"]) => new TrainingError({ model: request.from, reason })
  const objective = yield* Effect.fromResult(Result.mapError(objectiveOf(request.objective, request), fail))
  yield* Effect.fromResult(Result.mapError(checkSettings(request, objective), fail))
  if (objective.reference && request.reference === undefined) return yield* fail(new ReferenceMissing())
  if (request.heldOut?.examples.length === 0) return yield* fail(new HeldOutEmpty())
  const checkpoint = yield* openCheckpoint(request.from)
  const { config, tokenizer } = checkpoint
  const maxTokens = Math.min(request.maxTokens, config.max_position_embeddings)
  const pairwise = objective.asks === "letter" ? { seed: request.seed } : undefined
  const encode = (examples: ReadonlyArray<Example>) =>
    encodeExamples({ ...request, examples, objective, tokenizer, maxTokens, pairwise, fail })
  const { audit, encoded } = yield* encode(request.examples)
  if (request.onAudit) yield* request.onAudit(audit)
  const heldOut = request.heldOut ? (yield* encode(request.heldOut.examples)).encoded : []
  return { fail, objective, checkpoint, encoded, heldOut, dropped: audit.dropped }
})
