import { Clock, Effect } from "effect"
import type { LearnedTurns, LengthPolicy, Metrics } from "../../schemas/mod.ts"
import { type Checkpoint, drawWeight, openCheckpoint, parametersOf, writeCheckpoint } from "../checkpoint/mod.ts"
import type { Parameter } from "../model/mod.ts"
import { loadFloat32, readCheckpointFiles } from "../runtime/mod.ts"
import { logProbabilities } from "../scorer/mod.ts"
import { type AdamWOptions, makeAdamW } from "./adamW.ts"
import { batches } from "./batches.ts"
import { encodeExamples, type Example } from "./encodeExamples.ts"
import { FirstLossDiffers, LossNotFinite, ReferenceMissing, TrainingError } from "./errors.ts"
import { makeGradientNorm } from "./gradientNorm.ts"
import { makeStep, type StepResult } from "./makeStep.ts"
import { type Encoded, type ObjectiveChoice, objectiveOf } from "./objective/mod.ts"
import { makeParameterStore } from "./ParameterStore.ts"
import { schedules } from "./schedule/mod.ts"

/** What is trained, on what, how, and where the result goes. */
export interface TrainRequest {
  readonly objective: ObjectiveChoice
  readonly from: string
  /** The frozen π₀ of DPO. */
  readonly reference?: string
  readonly examples: ReadonlyArray<Example>
  readonly into: string
  readonly optimizer: AdamWOptions & { readonly learningRate: number; readonly maxGradientNorm: number }
  readonly schedule: { readonly [Name in keyof typeof schedules]?: { readonly warmup: number } }
  /** Examples of one optimizer step, and of one pass through the graph. */
  readonly batchSize: number
  readonly microBatchSize: number
  readonly epochs: number
  readonly maxTokens: number
  readonly lengthPolicy: LengthPolicy
  /** The assistant turns of a demonstration that are learned (default all). */
  readonly turns?: LearnedTurns
  readonly seed: number
  readonly phase: string
  readonly onStep: (metrics: Metrics) => Effect.Effect<void>
}

/** How far the first DPO loss may lie from ln 2: rounding of two kernels over sums of some hundred log-probabilities. */
const firstLossTolerance = 2e-3

const scheduleOf = (request: TrainRequest, total: number): ((step: number) => number) => {
  const names = Object.keys(schedules) as ReadonlyArray<keyof typeof schedules> // as: the keys of a literal table
  const name = names.find((each) => request.schedule[each]) ?? "cosine"
  return schedules[name]({ warmup: request.schedule[name]?.warmup ?? 0, total })
}

/** Weights of the model that is trained: those of the checkpoint, and a fresh head where it has none. */
const loadWeights = Effect.fnUntraced(function* (
  checkpoint: Checkpoint,
  parameters: ReadonlyArray<Parameter>,
  seed: number
) {
  const entries = yield* readCheckpointFiles(checkpoint.folder)
  const loaded = new Map<string, Float32Array>()
  for (const parameter of parameters) {
    const entry = entries.get(parameter.name)
    const fresh = { seed, deviation: checkpoint.config.initializer_range }
    loaded.set(parameter.name, entry ? yield* loadFloat32(entry) : drawWeight(parameter, fresh))
  }
  return loaded
})

const withReference = Effect.fnUntraced(function* (
  request: TrainRequest,
  encoded: ReadonlyArray<Omit<Encoded, "reference">>
) {
  const { reference, microBatchSize } = request
  if (!reference) {
    return yield* new TrainingError({ model: request.from, reason: new ReferenceMissing() })
  }
  const sequences = encoded.flatMap((example) => example.sequences)
  const checkpoint = yield* openCheckpoint(reference, "causal")
  const found = yield* logProbabilities(checkpoint, sequences, { batchSize: 2 * microBatchSize })
  return encoded.map((example, i): Encoded => ({ ...example, reference: [found[2 * i] ?? 0, found[2 * i + 1] ?? 0] }))
})

const sum = (results: ReadonlyArray<StepResult>, name: string): number =>
  results.reduce((total, { measures }) => total + (measures[name] ?? 0), 0)

const measuresOf = (results: ReadonlyArray<StepResult>, count: number) =>
  Object.fromEntries(Object.keys(results[0]?.measures ?? {}).map((name) => [name, sum(results, name) / count]))

/**
 * Trains a model and writes it: SFT, a Bradley-Terry reward, or DPO.
 *
 * Source   Sections 2, 3.1 and 3.3; the step is gradient accumulation over micro-batches, clipping by global norm, AdamW.
 * Domain   The result is a pure function of the request: same seed, same bytes.
 * Fails    TrainingError, CheckpointError, ModelError, TextError, RuntimeError.
 */
export const train = Effect.fn("train")(function* (request: TrainRequest) {
  const fail = (reason: TrainingError["reason"]) => new TrainingError({ model: request.from, reason })
  const objective = objectiveOf(request.objective)
  const checkpoint = yield* openCheckpoint(request.from)
  const { config, tokenizer } = checkpoint
  const maxTokens = Math.min(request.maxTokens, config.max_position_embeddings)
  const { encoded, dropped } = yield* encodeExamples({ ...request, tokenizer, maxTokens, fail })
  const examples = objective.reference
    ? yield* withReference(request, encoded)
    : encoded.map((example): Encoded => ({ ...example, reference: [] }))
  const { family, parameters } = parametersOf(config, objective.kind)
  const loaded = yield* loadWeights(checkpoint, parameters, request.seed)
  const store = yield* makeParameterStore(parameters, (name) => loaded.get(name) ?? new Float32Array())
  loaded.clear()
  const contextLength = encoded.reduce(
    (longest, { sequences }) => Math.max(longest, ...sequences.map(({ ids }) => ids.length)),
    1
  )
  const step = yield* makeStep({ objective, model: { family, config, contextLength }, parameters, store })
  const gradientNorm = yield* makeGradientNorm(store)
  const update = yield* makeAdamW(store, request.optimizer)
  const plan = batches(examples, request)
  const rateOf = scheduleOf(request, plan.length)
  let seen = 0
  for (const [index, { microBatches }] of plan.entries()) {
    const started = yield* Clock.currentTimeMillis
    const batch = microBatches.flat()
    const scale = 1 / batch.reduce((total, example) => total + objective.weight(example), 0)
    store.zeroGradients()
    const results = yield* Effect.forEach(microBatches, (microBatch) => step(microBatch, scale))
    const loss = results.reduce((total, result) => total + result.loss, 0)
    const norm = yield* gradientNorm
    for (const [what, found] of [
      ["loss", loss],
      ["gradient norm", norm]
    ] as const) {
      if (!Number.isFinite(found)) {
        return yield* fail(new LossNotFinite({ step: index + 1, what, found: String(found) }))
      }
    }
    const same = objective.reference && request.reference === request.from
    if (index === 0 && same && Math.abs(loss - Math.LN2) > firstLossTolerance) {
      return yield* fail(new FirstLossDiffers({ found: loss, wanted: Math.LN2 }))
    }
    const learningRate = request.optimizer.learningRate * rateOf(index)
    const gradientScale = Math.min(1, request.optimizer.maxGradientNorm / (norm + 1e-6))
    yield* update({ step: index + 1, learningRate, gradientScale })
    seen += results.reduce((total, { tokens }) => total + tokens, 0)
    yield* request.onStep({
      phase: request.phase,
      step: index + 1,
      total_steps: plan.length,
      epoch: ((index + 1) * request.epochs) / plan.length,
      loss,
      grad_norm: norm,
      learning_rate: learningRate,
      num_tokens: seen,
      seconds: ((yield* Clock.currentTimeMillis) - started) / 1000,
      ...measuresOf(results, batch.length)
    })
  }
  yield* writeCheckpoint({
    into: request.into,
    kind: objective.kind,
    configFile: checkpoint.configFile,
    files: tokenizer.files,
    weights: store.weights()
  })
  return { checkpoint: request.into, steps: plan.length, dropped }
}, Effect.scoped)
