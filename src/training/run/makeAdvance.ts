import { Clock, Effect } from "effect"
import type { TrainingBatch } from "../batches.ts"
import { FirstLossDiffers } from "../errors.ts"
import { makeGradientNorm } from "../gradientNorm.ts"
import { meanOf } from "../meanOf.ts"
import { totalsOf } from "../objective/mod.ts"
import { makeUpdate } from "../optimizer/mod.ts"
import { schedules } from "../schedule/mod.ts"
import type { TrainRequest } from "../TrainRequest.ts"
import type { Counters } from "../trainState.ts"
import { lossBroken } from "./lossBroken.ts"
import type { Save } from "./makeSave.ts"
import type { Prepared } from "./prepare.ts"
import type { Position } from "./resumeRun.ts"

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

/**
 * One optimizer step: gradients added up over micro-batches, clipped by their global norm, an update.
 *
 * The result gives where the run stands after the step, and what is logged of it.
 *
 * Fails    TrainingError: LossNotFinite, FirstLossDiffers; TokensUnkept, RuntimeError.
 */
export const makeAdvance = Effect.fnUntraced(function* (
  request: TrainRequest,
  prepared: Prepared,
  options: { readonly total: number; readonly stepsPerEpoch: number; readonly save: Save }
) {
  const { fail, objective, optimizer, step, store, tensors } = prepared
  const gradientNorm = yield* makeGradientNorm(store)
  const update = yield* makeUpdate(store, optimizer)
  const rateOf = scheduleOf(request, options.total)
  const firstLoss = request.reference === request.from ? objective.firstLoss : undefined

  /** The gradients of a batch in place, with its loss and their norm. */
  const differentiate = Effect.fnUntraced(function* ({ microBatches }: TrainingBatch, position: Position) {
    const { counters } = position
    const passes = yield* Effect.forEach(microBatches, prepared.examples.pick)
    const examples = passes.flat()
    const context = { totals: totalsOf(examples), runningReward: counters.runningReward }
    store.zeroGradients()
    const results = yield* Effect.forEach(passes, (micro) => step.train(micro, tensors, context))
    const loss = results.reduce((sum, result) => sum + result.loss, 0)
    const at = { step: counters.step + 1, examples, position, save: options.save }
    if (!Number.isFinite(loss)) return yield* lossBroken(prepared, { ...at, what: "loss", found: loss })
    const norm = yield* gradientNorm
    if (!Number.isFinite(norm)) return yield* lossBroken(prepared, { ...at, what: "gradient norm", found: norm })
    return { results, loss, norm }
  })

  return Effect.fnUntraced(function* (batch: TrainingBatch, position: Position) {
    const started = yield* Clock.currentTimeMillis
    const { counters: before } = position
    const { results, loss, norm } = yield* differentiate(batch, position)
    if (before.step === 0 && firstLoss !== undefined && Math.abs(loss - firstLoss) > firstLossTolerance) {
      return yield* fail(new FirstLossDiffers({ found: loss, wanted: firstLoss }))
    }
    const learningRate = optimizer.learningRate * rateOf(before.step)
    const gradientScale = Math.min(1, request.maxGradientNorm / (norm + 1e-6))
    yield* update({ step: before.step + 1, learningRate, gradientScale })
    const measures = meanOf(results)
    const counters: Counters = {
      ...before,
      step: before.step + 1,
      seen: before.seen + results.reduce((sum, { tokens }) => sum + tokens, 0),
      runningReward: runningMean(before, measures)
    }
    const metrics = {
      phase: request.phase,
      step: counters.step,
      total_steps: options.total,
      epoch: counters.step / options.stepsPerEpoch,
      loss,
      grad_norm: norm,
      learning_rate: learningRate,
      num_tokens: counters.seen,
      seconds: ((yield* Clock.currentTimeMillis) - started) / 1000,
      ...measures
    }
    const after: Position = { ...position, counters }
    return { position: after, metrics }
  })
})
