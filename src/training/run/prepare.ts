import { Effect, Result } from "effect"
import { encodeRequest } from "../encodeRequest.ts"
import type { TrainingError } from "../errors.ts"
import { memoryOf } from "../memoryOf.ts"
import { openTraining } from "../openTraining.ts"
import { optimizerOf } from "../optimizer/mod.ts"
import { openReference, withReference } from "../reference.ts"
import { shapeTraining } from "../shapeTraining.ts"
import { makeStep } from "../step/mod.ts"
import { openTokens, type Tokens } from "../tokens/mod.ts"
import type { TrainRequest } from "../TrainRequest.ts"

/** Files of tokens beside the model that is made, for as long as the scope is open; a run folder removes what a killed one left. */
const openPlace = (into: string) => (part: "examples" | "heldOut") =>
  Effect.map(openTokens(`${into}.${part}.tokens.tmp`), ({ put, tokens }) => ({ put, kept: tokens }))

/**
 * Everything between a request and its first step: data as tokens, the model in place, and log π₀ of all examples.
 *
 * Fails    TrainingError, TokensUnkept, CheckpointError, ModelError, TextError, RuntimeError.
 */
export const prepare = Effect.fnUntraced(function* (request: TrainRequest) {
  const encodings = yield* encodeRequest(request, openPlace(request.into))
  const { encoded, heldOut, ...given } = encodings
  const { fail, objective } = given
  const optimizer = optimizerOf(request.optimizer)
  const rows = { encoded: encoded.shapes, heldOut: heldOut?.shapes }
  const shape = yield* shapeTraining(request, given, heldOut ? [encoded.shapes, heldOut.shapes] : [encoded.shapes])
  // before any weight is loaded: what does not fit is told at once
  const memory = yield* Effect.fromResult(
    Result.mapError(memoryOf({ opened: shape, objective, optimizer, request, ...rows }), fail)
  )
  const opened = yield* openTraining({ ...given, shape, optimizer, request })
  const step = yield* makeStep({ objective, model: opened.model, memory })
  const refer = Effect.fnUntraced(function* (tokens: Tokens) {
    if (!objective.reference) return tokens
    const { reference = request.from, microBatchSize, from } = request
    const weights = reference === from ? new Map() : yield* openReference(reference, opened.model.shapes)
    const tensors = new Map([...opened.tensors, ...weights])
    return yield* withReference({ tokens, step, tensors, objective, microBatchSize })
  }, Effect.scoped)
  const known = (reason: TrainingError["reason"]) => Effect.fail(fail(reason))
  const referred = (tokens: Tokens) =>
    refer(tokens).pipe(Effect.catchTags({ WeightNotFinite: known, ReferenceDiffers: known }))
  return {
    ...given,
    ...opened,
    optimizer,
    step,
    examples: yield* referred(encoded),
    heldOut: heldOut && (yield* referred(heldOut))
  }
})

/** What a training run works with. */
export type Prepared = Effect.Success<ReturnType<typeof prepare>>
