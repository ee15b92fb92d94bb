import { Clock, Effect, FileSystem, Option, Result } from "effect"
import { openCheckpoint } from "../checkpoint/mod.ts"
import { batches, rowLength } from "./batches.ts"
import { encodeExamples, type Example } from "./encodeExamples.ts"
import {
  BatchTooSmall,
  FirstLossDiffers,
  HeldOutEmpty,
  LossNotFinite,
  ReferenceMissing,
  ResumeForeign,
  TrainingError
} from "./errors.ts"
import { fingerprint } from "./fingerprint.ts"
import { makeGradientNorm } from "./gradientNorm.ts"
import { meanOf } from "./meanOf.ts"
import { type Encoded, type Objective, objectiveOf, totalsOf } from "./objective/mod.ts"
import { memoryOf } from "./memoryOf.ts"
import { openTraining } from "./openTraining.ts"
import { makeUpdate, optimizerOf } from "./optimizer/mod.ts"
import { openReference, withReference } from "./reference.ts"
import { schedules } from "./schedule/mod.ts"
import { makeStep } from "./step/mod.ts"
import type { TrainRequest } from "./TrainRequest.ts"
import { type Counters, readTrainState, writeTrainState } from "./trainState.ts"
import { writeTrained } from "./writeTrained.ts"

/** How far the first loss may lie from the value it must have: rounding of two passes over sums of some hundred log-probabilities. */
const firstLossTolerance = 2e-3

const scheduleOf = (request: TrainRequest, total: number): ((step: number) => number) => {
  const names = Object.keys(schedules) as ReadonlyArray<keyof typeof schedules> // as: the keys of a literal table
  const name = names.find((each) => request.schedule[each]) ?? "cosine"
  return schedules[name]({ ...request.schedule[name], total })
}

/** The running mean of all implicit rewards: δ of BCO. */
const runningMean = ({ runningReward, step }: Counters, measures: Readonly<Record<string, number>>): number => {
  const rewards = [measures["rewards/chosen"], measures["rewards/rejected"]].filter((reward) => reward !== undefined)
  const mean = rewards.reduce((sum, reward) => sum + reward, 0) / Math.max(1, rewards.length)
  return runningReward + (mean - runningReward) / (step + 1)
}

/** Losses that compare examples need two at once. Fails: BatchTooSmall (through `fail`). */
const checkSizes = Effect.fnUntraced(function* (
  request: TrainRequest,
  objective: Objective,
  fail: (reason: TrainingError["reason"]) => TrainingError
) {
  if (!objective.coupled) return
  for (const key of ["batchSize", "microBatchSize"] as const) {
    if (request[key] < 2) return yield* fail(new BatchTooSmall({ loss: objective.name, key, found: request[key] }))
  }
})

/** Everything between opening a model and its first step. */
const prepare = Effect.fnUntraced(function* (request: TrainRequest) {
  const fail = (reason: TrainingError["reason"]) => new TrainingError({ model: request.from, reason })
  const objective = yield* Effect.fromResult(Result.mapError(objectiveOf(request.objective, request), fail))
  const optimizer = optimizerOf(request.optimizer)
  yield* checkSizes(request, objective, fail)
  const checkpoint = yield* openCheckpoint(request.from)
  const { config, tokenizer } = checkpoint
  const maxTokens = Math.min(request.maxTokens, config.max_position_embeddings)
  const encode = (examples: ReadonlyArray<Example>) =>
    encodeExamples({ ...request, examples, tokenizer, maxTokens, fail })
  const { audit, dropped, encoded } = yield* encode(request.examples)
  if (request.onAudit) yield* request.onAudit(audit)
  if (request.heldOut?.examples.length === 0) return yield* fail(new HeldOutEmpty())
  const heldOut = request.heldOut ? (yield* encode(request.heldOut.examples)).encoded : []
  const contextLength = [...encoded, ...heldOut].reduce((longest, example) => Math.max(longest, rowLength(example)), 1)
  const opened = yield* openTraining({ checkpoint, objective, optimizer, request, contextLength, fail })
  const memory = yield* Effect.fromResult(
    Result.mapError(memoryOf({ opened, objective, optimizer, request, encoded, heldOut }), fail)
  )
  const step = yield* makeStep({ objective, model: opened.model, memory })
  const refer = Effect.fnUntraced(function* (examples: ReadonlyArray<Encoded>) {
    if (!objective.reference || examples.length === 0) return examples
    const { reference, microBatchSize, from } = request
    if (reference === undefined) return yield* fail(new ReferenceMissing())
    const weights = reference === from ? new Map() : yield* openReference(reference)
    const tensors = new Map([...opened.tensors, ...weights])
    return yield* withReference({ examples, step, tensors, objective, microBatchSize })
  }, Effect.scoped)
  return {
    ...opened,
    fail,
    objective,
    optimizer,
    checkpoint,
    step,
    dropped,
    examples: yield* refer(encoded),
    heldOut: yield* refer(heldOut)
  }
})

/** The counters to begin with: those of an earlier run of the same request, whose weights are then in place, or fresh ones. */
const begin = Effect.fnUntraced(function* (
  request: TrainRequest,
  prepared: Effect.Success<ReturnType<typeof prepare>>
) {
  const { store, fail } = prepared
  const print = fingerprint(request, { ...prepared, weights: store.state.weights })
  const fresh: Counters = { fingerprint: print, step: 0, seen: 0, runningReward: 0 }
  const none: Float32Array | undefined = undefined
  if (!request.resume) return { counters: fresh, bestWeights: none }
  const { file, foreign } = request.resume
  const found = yield* readTrainState(file)
  if (Option.isNone(found)) return { counters: fresh, bestWeights: none }
  const { counters, bestWeights } = found.value
  if (counters.fingerprint !== print) {
    if (foreign === "error") return yield* fail(new ResumeForeign({ file, step: counters.step }))
    return { counters: fresh, bestWeights: none }
  }
  yield* Effect.mapError(store.restore(found.value.store), fail)
  if (request.onResume) yield* request.onResume(counters.step)
  return { counters, bestWeights }
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
export const train = Effect.fn("train")(function* (request: TrainRequest) {
  const prepared = yield* prepare(request)
  const { store, step, tensors, objective, optimizer, examples, heldOut, fail } = prepared
  const gradientNorm = yield* makeGradientNorm(store)
  const update = yield* makeUpdate(store, optimizer)
  const plan = batches(examples, request)
  const rateOf = scheduleOf(request, plan.length)
  let { counters, bestWeights } = yield* begin(request, prepared)

  const save = Effect.fnUntraced(function* () {
    if (!request.resume) return
    yield* writeTrainState(request.resume.file, {
      counters,
      store: store.state,
      ...(bestWeights ? { bestWeights } : {})
    })
  })

  const broken = Effect.fnUntraced(function* (
    what: "loss" | "gradient norm",
    found: number,
    batch: ReadonlyArray<Encoded>
  ) {
    const at = yield* step.locate(batch, tensors)
    yield* save()
    return yield* fail(
      new LossNotFinite({
        step: counters.step + 1,
        what,
        found: String(found),
        ...(at ? { at } : {}),
        ...(request.resume ? { kept: request.resume.file } : {})
      })
    )
  })

  /** One optimizer step; gives what is logged of it. */
  const advance = Effect.fnUntraced(function* (microBatches: ReadonlyArray<ReadonlyArray<Encoded>>) {
    const started = yield* Clock.currentTimeMillis
    const batch = microBatches.flat()
    const context = { totals: totalsOf(batch), runningReward: counters.runningReward }
    store.zeroGradients()
    const results = yield* Effect.forEach(microBatches, (micro) => step.train(micro, tensors, context))
    const loss = results.reduce((total, result) => total + result.loss, 0)
    if (!Number.isFinite(loss)) return yield* broken("loss", loss, batch)
    const norm = yield* gradientNorm
    if (!Number.isFinite(norm)) return yield* broken("gradient norm", norm, batch)
    const wanted = request.reference === request.from ? objective.firstLoss : undefined
    if (counters.step === 0 && wanted !== undefined && Math.abs(loss - wanted) > firstLossTolerance) {
      return yield* fail(new FirstLossDiffers({ found: loss, wanted }))
    }
    const learningRate = optimizer.learningRate * rateOf(counters.step)
    const gradientScale = Math.min(1, request.maxGradientNorm / (norm + 1e-6))
    yield* update({ step: counters.step + 1, learningRate, gradientScale })
    const measures = meanOf(results)
    counters = {
      ...counters,
      step: counters.step + 1,
      seen: counters.seen + results.reduce((total, { tokens }) => total + tokens, 0),
      runningReward: runningMean(counters, measures)
    }
    return {
      phase: request.phase,
      step: counters.step,
      total_steps: plan.length,
      epoch: (counters.step * request.epochs) / plan.length,
      loss,
      grad_norm: norm,
      learning_rate: learningRate,
      num_tokens: counters.seen,
      seconds: ((yield* Clock.currentTimeMillis) - started) / 1000,
      ...measures
    }
  })

  /** The measures of the held-out examples; a new lowest loss keeps the weights. */
  const evaluate = Effect.fnUntraced(function* () {
    const [{ microBatches } = { microBatches: [] }] = batches(heldOut, {
      ...request,
      epochs: 1,
      batchSize: heldOut.length
    })
    const context = { totals: totalsOf(heldOut), runningReward: counters.runningReward }
    const results = yield* Effect.forEach(microBatches, (micro) => step.evaluate(micro, tensors, context))
    const loss = results.reduce((total, result) => total + result.loss, 0)
    const better = counters.best === undefined || loss < counters.best.loss
    if (better) bestWeights = store.state.weights.slice()
    const best = better
      ? { step: counters.step, loss, ago: 0 }
      : { ...counters.best, ago: (counters.best?.ago ?? 0) + 1 }
    counters = { ...counters, best: { step: 0, loss, ...best } }
    const measures = Object.entries(meanOf(results)).map(([name, mean]) => [`eval_${name}`, mean] as const)
    return { eval_loss: loss, ...Object.fromEntries(measures) }
  })

  const due = (every: number | undefined) =>
    every !== undefined && (counters.step % every === 0 || counters.step === plan.length)
  const patient = () => (counters.best?.ago ?? 0) < (request.heldOut?.patience ?? Number.POSITIVE_INFINITY)

  while (counters.step < plan.length && patient()) {
    const metrics = yield* advance(plan[counters.step]?.microBatches ?? [])
    const measured = due(request.heldOut?.every) ? yield* evaluate() : {}
    yield* request.onStep({ ...metrics, ...measured })
    if (due(request.resume?.every)) yield* save()
  }
  if (bestWeights) store.state.weights.set(bestWeights)
  yield* writeTrained(request, prepared)
  if (request.resume)
    yield* (yield* FileSystem.FileSystem).remove(request.resume.file, { force: true }).pipe(Effect.ignore)
  return {
    checkpoint: request.into,
    steps: counters.step,
    dropped: prepared.dropped,
    ...(counters.best ? { best: { step: counters.best.step, loss: counters.best.loss } } : {})
  }
}, Effect.scoped)
