import { Effect, Result } from "effect"
import { openCheckpoint } from "../../checkpoint/mod.ts"
import { rowLength } from "../batches.ts"
import { checkSettings } from "../check/checkSettings.ts"
import { encodeExamples, type Example } from "../encodeExamples.ts"
import { HeldOutEmpty, ReferenceMissing, TrainingError } from "../errors.ts"
import { type Encoded, objectiveOf } from "../objective/mod.ts"
import { memoryOf } from "../memoryOf.ts"
import { openTraining } from "../openTraining.ts"
import { optimizerOf } from "../optimizer/mod.ts"
import { openReference, withReference } from "../reference.ts"
import { makeStep } from "../step/mod.ts"
import type { TrainRequest } from "../TrainRequest.ts"

/** The checkpoint, and all examples as tokens. */
const encodeRequest = Effect.fnUntraced(function* (request: TrainRequest) {
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

/**
 * Everything between a request and its first step: data as tokens, the model in place, and log π₀ of all examples.
 *
 * Fails    TrainingError, CheckpointError, ModelError, TextError, RuntimeError.
 */
export const prepare = Effect.fnUntraced(function* (request: TrainRequest) {
  const { encoded, heldOut, ...given } = yield* encodeRequest(request)
  const { fail, objective } = given
  const optimizer = optimizerOf(request.optimizer)
  const contextLength = [...encoded, ...heldOut].reduce((longest, example) => Math.max(longest, rowLength(example)), 1)
  const opened = yield* openTraining({ ...given, optimizer, request, contextLength })
  const memory = yield* Effect.fromResult(
    Result.mapError(memoryOf({ opened, objective, optimizer, request, encoded, heldOut }), fail)
  )
  const step = yield* makeStep({ objective, model: opened.model, memory })
  const refer = Effect.fnUntraced(function* (examples: ReadonlyArray<Encoded>) {
    if (!objective.reference || examples.length === 0) return examples
    const { reference = request.from, microBatchSize, from } = request
    const weights = reference === from ? new Map() : yield* openReference(reference, opened.model.shapes)
    const tensors = new Map([...opened.tensors, ...weights])
    return yield* withReference({ examples, step, tensors, objective, microBatchSize })
  }, Effect.scoped)
  const known = (reason: TrainingError["reason"]) => Effect.fail(fail(reason))
  const referred = (examples: ReadonlyArray<Encoded>) =>
    refer(examples).pipe(Effect.catchTags({ WeightNotFinite: known, ReferenceDiffers: known }))
  return {
    ...given,
    ...opened,
    optimizer,
    step,
    examples: yield* referred(encoded),
    heldOut: yield* referred(heldOut)
  }
})

/** What a training run works with. */
export type Prepared = Effect.Success<ReturnType<typeof prepare>>
