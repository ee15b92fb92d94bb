import { Effect, FileSystem } from "effect"
import { batches } from "./batches.ts"
import { TrainingError } from "./errors.ts"
import { firstNotFinite } from "./loadWeights.ts"
import { makeAdvance } from "./run/makeAdvance.ts"
import { makeSave } from "./run/makeSave.ts"
import { makeMeasure } from "./run/makeMeasure.ts"
import { type Prepared, prepare } from "./run/prepare.ts"
import { type Position, resumeRun } from "./run/resumeRun.ts"
import { rowLengths } from "./tokens/mod.ts"
import type { TrainRequest } from "./TrainRequest.ts"
import { writeTrained } from "./writeTrained.ts"

/** All steps that are left, from where the run stands to its end. Gives where it stands then. */
const takeSteps = Effect.fnUntraced(function* (request: TrainRequest, prepared: Prepared, begun: Position) {
  const { every, patience = Number.POSITIVE_INFINITY } = request.heldOut ?? {}
  const { examples, heldOut } = prepared
  const plan = batches(rowLengths(examples.shapes), request)
  const most = request.maxSteps ?? plan.total
  const [total, stepsPerEpoch] = [Math.min(plan.total, most), Math.min(plan.perEpoch, most)]
  const save = makeSave(request, prepared.store, begun)
  const advance = yield* makeAdvance(request, prepared, { total, stepsPerEpoch, save })
  const measure = heldOut && (yield* makeMeasure(request, prepared, { heldOut, save }))
  let position = begun
  const due = (often: number | undefined) =>
    often !== undefined && (position.counters.step % often === 0 || position.counters.step === total)
  while (position.counters.step < total && (position.counters.best?.ago ?? 0) < patience) {
    const taken = yield* advance(plan.at(position.counters.step), position)
    position = taken.position
    const held = measure && due(every) ? yield* measure(position) : undefined
    position = held?.position ?? position
    yield* request.onStep({ ...taken.metrics, ...held?.measures })
    // after the last step the model itself is written
    if (position.counters.step < total && due(request.resume?.every)) yield* save(position)
  }
  return position
})

/** The weights with the lowest held-out loss in place, if there are any. Fails: WeightNotFinite (through `fail`). */
const settle = Effect.fnUntraced(function* ({ fail, store }: Prepared, { bestWeights }: Position) {
  if (bestWeights) store.state.weights.set(bestWeights)
  for (const [name, { data }] of store.weights()) {
    const broken = firstNotFinite(name, data)
    if (broken) return yield* fail(broken)
  }
})

/**
 * Trains a model and writes it.
 *
 * With `resume`, a run that was stopped at any moment goes on from its last written state and ends with the same bytes.
 *
 * Source   Sections 2, 3.1 and 3.3; the step is gradient accumulation over micro-batches, clipping by global norm, an optimizer.
 * Domain   The result is a pure function of the request: same seed, same bytes.
 * Fails    TrainingError, CheckpointError, ModelError, TextError, RuntimeError.
 */
export const train = Effect.fn("train")(
  function* (request: TrainRequest) {
    const files = yield* FileSystem.FileSystem
    const prepared = yield* prepare(request)
    const ended = yield* takeSteps(request, prepared, yield* resumeRun(request, prepared))
    yield* settle(prepared, ended)
    yield* writeTrained(request, prepared)
    if (request.resume) yield* Effect.ignore(files.remove(request.resume.file, { force: true }))
    const { best, step } = ended.counters
    return {
      checkpoint: request.into,
      steps: step,
      dropped: prepared.dropped,
      ...(best ? { best: { step: best.step, loss: best.loss } } : {})
    }
  },
  (effect, { from }) =>
    Effect.catchTag(Effect.scoped(effect), "TokensUnkept", (reason) =>
      Effect.fail(new TrainingError({ model: from, reason }))
    )
)
