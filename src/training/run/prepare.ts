import { Effect, Result } from "effect"
import { encodeRequest } from "../encodeRequest.ts"
import type { TrainingError } from "../errors.ts"
import type { Encoded } from "../objective/mod.ts"
import { memoryOf } from "../memoryOf.ts"
import { openTraining } from "../openTraining.ts"
import { optimizerOf } from "../optimizer/mod.ts"
import { openReference, withReference } from "../reference.ts"
import { shapeTraining } from "../shapeTraining.ts"
import { makeStep } from "../step/mod.ts"
import type { TrainRequest } from "../TrainRequest.ts"

/**
 * Everything between a request and its first step: data as tokens, the model in place, and log π₀ of all examples.
 *
 * Fails    TrainingError, CheckpointError, ModelError, TextError, RuntimeError.
 */
export const prepare = Effect.fnUntraced(function* (request: TrainRequest) {
  const encodings = yield* encodeRequest(request)
  const { encoded, heldOut, ...given } = encodings
  const { fail, objective } = given
  const optimizer = optimizerOf(request.optimizer)
  const shape = yield* shapeTraining(request, encodings)
  // before any weight is loaded: what does not fit is told at once
  const memory = yield* Effect.fromResult(
    Result.mapError(memoryOf({ opened: shape, objective, optimizer, request, encoded, heldOut }), fail)
  )
  const opened = yield* openTraining({ ...given, shape, optimizer, request })
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
