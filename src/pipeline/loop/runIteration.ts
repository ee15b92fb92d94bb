import { Effect, Layer, Stream } from "effect"
import { Preference } from "../../../schemas/mod.ts"
import { readArrow } from "../../arrow/mod.ts"
import type { CheckedPipeline } from "../check/checkInputs.ts"
import { ReferencePolicy } from "../../sampler/mod.ts"
import { answersOfRow } from "../costOfRow.ts"
import { PipelineError, StepEmpty } from "../errors.ts"
import { Trainers } from "../Trainers.ts"
import { phaseSeed } from "./prepareModels.ts"
import type { PreferenceVersion } from "./preparePreference.ts"
import { promptFile } from "./promptFile.ts"
import type { RewardVersion } from "./rewardOf.ts"
import { samplerOf } from "./samplerOf.ts"
import { type Services, stageFile } from "./stageFile.ts"
import { trainVersion } from "./trainVersion.ts"
import type { Version } from "./Version.ts"

/** Where one iteration starts. */
export interface Start {
  /** t = 1 … T. */
  readonly iteration: number
  readonly policy: Version
  /** π₀. */
  readonly initial: Version
  readonly reward: RewardVersion
  readonly preference: PreferenceVersion
}

/** The pairs of a file, read when they are wanted. */
const openPairs = Effect.fnUntraced(function* (path: string) {
  const batches = readArrow(path, Preference)
  const length = yield* Stream.runFold(
    batches,
    () => 0,
    (count, batch) => count + batch.length
  )
  return { length, rows: Stream.flatMap(batches, (batch) => Stream.fromIterable(batch.rows)) }
})

/** The pairs of one iteration: prompts through every stage, with πₜ, r and the oracle answering. */
const makePairs = Effect.fnUntraced(function* (pipeline: CheckedPipeline, iteration: number, services: Services) {
  const { file, stages } = pipeline
  const { artefact, rows } = yield* promptFile(pipeline, iteration)
  let input = artefact
  let seconds = 0
  for (const [i, stage] of stages.entries()) {
    input = yield* stageFile({
      stage,
      iteration,
      seed: file.seed,
      name: `iteration-${iteration}/${i + 1}-${stage.name}.arrow`,
      input,
      rows,
      answersPerRow: answersOfRow(stages.slice(0, i + 1)),
      services
    })
    seconds += input.seconds
  }
  const pairs = yield* openPairs(input.path)
  if (pairs.length === 0) {
    const found = `no pair in iteration ${iteration} (${rows} prompts)`
    const reason = new StepEmpty({ found, wanted: "at least one: responses that differ in reward" })
    return yield* new PipelineError({ action: "run", what: file.name, reason })
  }
  return { pairs, hash: input.hash, seconds }
})

/**
 * One round of Algorithm 2: πₜ answers new prompts, r ranks the answers, and DPO on the pairs gives πₜ₊₁.
 *
 * Source   Algorithm 2; §3.3: training starts from πₜ, the reference is π₀ unless the pipeline says "previous".
 * Fails    PipelineError, StepFailed, ArrowError, StageError, SamplerError, ScorerError, JudgeError.
 */
export const runIteration = Effect.fn("runIteration")(function* (pipeline: CheckedPipeline, start: Start) {
  const { batchSizes, models, seed, train } = pipeline.file
  const { initial, iteration, policy, preference, reward } = start
  const trainers = yield* Trainers
  const reference = models.reference === "initial" ? initial : policy
  const sampler = yield* samplerOf(pipeline.file, policy)
  // one model that is both is opened once
  const referring =
    sampler.hash === policy.hash && reference.folder === policy.folder
      ? sampler.layer
      : trainers.policy(reference.folder, { batchSize: batchSizes.sample })
  const services = {
    policy: sampler.hash,
    reference: reference.hash,
    reward: reward.hash,
    preference: preference.hash
  }
  const { hash, pairs, seconds } = yield* Effect.provide(
    makePairs(pipeline, iteration, services),
    Layer.mergeAll(sampler.layer, ReferencePolicy.layerOf(referring), reward.layer, preference.layer)
  )
  const { loss, ...settings } = train
  const version = yield* trainVersion({
    name: `iteration ${iteration}`,
    into: `iteration-${iteration}/policy`,
    objective: loss,
    from: policy,
    reference,
    examples: pairs,
    examplesHash: hash,
    settings,
    seed: phaseSeed(seed, `iteration-${iteration}`)
  })
  return { version: { ...version, seconds: version.seconds + seconds }, pairs: pairs.length }
})
