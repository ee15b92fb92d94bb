import { Effect, FileSystem, Schema, Stream } from "effect"
import { Scored } from "../../../schemas/mod.ts"
import { fromRows, readArrow, writeArrow } from "../../arrow/mod.ts"
import { Policy } from "../../sampler/mod.ts"
import { Reward } from "../../scorer/mod.ts"
import { rules } from "../../scorer/rule/mod.ts"
import type { CheckedPipeline } from "../check/checkInputs.ts"
import { Progress } from "../Progress.ts"
import { arrowMetadata, carriers } from "../store/carriers.ts"
import { hashValue } from "../store/hash.ts"
import { type Artefact, RunStore } from "../store/RunStore.ts"
import { Trainers } from "../Trainers.ts"
import { countRows } from "./countRows.ts"
import { Evaluation } from "./Evaluation.ts"
import type { RewardVersion } from "./rewardOf.ts"
import type { Version } from "./Version.ts"
import { winRate } from "./winRate.ts"

/** Which prompts are asked: those that choices are made on, or those that no choice sees. */
export type Split = "validation" | "test"

/** What is measured, on what, and against what. */
interface Measured {
  readonly split: Split
  readonly policy: Version
  readonly initial: Version
  readonly reward: RewardVersion
  /** Folder in the run. */
  readonly into: string
}

/** Draws of an evaluation use the iteration 0, which no training draw has. */
const evaluationIteration = 0

const mean = (values: ReadonlyArray<number>): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length

const proxy = (scored: ReadonlyArray<Scored>) => scored.map(({ rewards }) => rewards)

const readScored = (path: string) =>
  Effect.map(Stream.runCollect(readArrow(path, Scored)), (batches) => batches.flatMap((batch) => batch.rows))

/** The prompts of a split with responses of a policy and their rewards, as a file of the run. */
const answer = Effect.fnUntraced(function* (pipeline: CheckedPipeline, { into, policy, reward, split }: Measured) {
  const asked = pipeline[split]
  const { batchSizes, evaluate, seed } = pipeline.file
  const store = yield* RunStore
  const trainers = yield* Trainers
  const progress = yield* Progress
  const maxNewTokens =
    evaluate.maxNewTokens ?? Math.max(...pipeline.stages.map(({ step }) => step.sample?.maxNewTokens ?? 1))
  const settings = { responses: evaluate.responses, temperature: evaluate.temperature, maxNewTokens, seed }
  return yield* store.artefact({
    name: `${into}/responses.arrow`,
    carrier: carriers.arrow,
    lineage: {
      settings,
      inputs: { [`${split} prompts`]: hashValue(asked), policy: policy.hash, reward: reward.hash }
    },
    make: Effect.fnUntraced(
      function* (temporary, lineage) {
        const advance = yield* progress.phase({
          name: `${split === "test" ? "test" : "evaluate"} ${policy.name}`,
          total: asked.length,
          unit: "prompts"
        })
        // each response is drawn, then scored
        const rows = yield* countRows(advance, 2 * evaluate.responses)
        const { sample } = yield* Policy
        const { score } = yield* Reward
        const batches = Stream.fromIterable(asked).pipe(
          Stream.grouped(batchSizes.stage),
          Stream.mapEffect(
            Effect.fnUntraced(function* (prompts) {
              const answers = yield* sample({
                prompts,
                temperatures: [evaluate.temperature],
                perTemperature: evaluate.responses,
                maxNewTokens,
                seed,
                iteration: evaluationIteration
              })
              const rewards = yield* score(
                answers.map(({ messages, responses }) => ({ messages, responses: responses.map(({ text }) => text) }))
              )
              yield* rows.ended(prompts.length)
              return fromRows(
                Scored,
                answers.map(({ messages, promptId, responses }, i): Scored => {
                  return { promptId, messages, responses, rewards: rewards[i] ?? [] }
                })
              )
            })
          )
        )
        yield* rows.follow(writeArrow(temporary, Scored, arrowMetadata(lineage))(batches))
      },
      Effect.provide([trainers.policy(policy.folder, { batchSize: batchSizes.sample }), reward.layer]),
      Effect.scoped
    )
  })
})

const divergence = Effect.fnUntraced(function* (rows: ReadonlyArray<Scored>, { initial, policy }: Measured) {
  const trainers = yield* Trainers
  const said = rows.flatMap(({ messages, responses }) => responses.map((response) => ({ messages, response })))
  if (policy.hash === initial.hash || said.length === 0) return 0
  const ours = yield* trainers.logProbabilities({ model: policy.folder, rows: said })
  const theirs = yield* trainers.logProbabilities({ model: initial.folder, rows: said })
  return mean(said.map((_, i) => (ours[i] ?? 0) - (theirs[i] ?? 0)))
})

const measure = Effect.fnUntraced(function* (
  pipeline: CheckedPipeline,
  measured: Measured,
  files: { readonly responses: Artefact; readonly initial: Artefact }
) {
  const { gold } = pipeline.file.evaluate
  const rows = yield* readScored(files.responses.path)
  const opponent = yield* readScored(files.initial.path)
  const golden = (scored: ReadonlyArray<Scored>) =>
    gold === undefined
      ? undefined
      : scored.map(({ messages, responses }) => responses.map(({ text }) => rules[gold](messages, text)))
  const ours = golden(rows)
  const responses = rows.flatMap((row) => row.responses)
  return {
    ...(ours ? { goldReward: mean(ours.flat()) } : {}),
    proxyReward: mean(proxy(rows).flat()),
    winRate: winRate(ours ?? proxy(rows), golden(opponent) ?? proxy(opponent)),
    kl: yield* divergence(rows, measured),
    tokens: mean(responses.map(({ tokens }) => tokens)),
    responses: responses.length,
    empty: responses.filter(({ text }) => text === "").length
  } satisfies Evaluation
})

const EvaluationText = Schema.fromJsonString(Evaluation)

/**
 * Measures a policy on the prompts of a split, against π₀ on the same prompts.
 *
 * Fails    PipelineError, StepFailed, SamplerError, ScorerError, ArrowError.
 */
export const evaluateVersion = Effect.fn("evaluateVersion")(function* (
  pipeline: CheckedPipeline,
  measured: Measured & { readonly opponent?: Artefact }
) {
  const store = yield* RunStore
  const files = yield* FileSystem.FileSystem
  const responses = yield* answer(pipeline, measured)
  const initial = measured.opponent ?? responses
  const { gold } = pipeline.file.evaluate
  const { path } = yield* store.artefact({
    name: `${measured.into}/evaluation.json`,
    carrier: carriers.json,
    lineage: {
      settings: gold === undefined ? {} : { gold },
      inputs: {
        responses: responses.hash,
        "responses of π₀": initial.hash,
        policy: measured.policy.hash,
        "π₀": measured.initial.hash
      }
    },
    make: Effect.fnUntraced(function* (temporary, lineage) {
      const evaluation = yield* measure(pipeline, measured, { responses, initial })
      yield* files.writeFileString(temporary, `${JSON.stringify({ ...evaluation, lineage }, undefined, 2)}\n`)
    })
  })
  const evaluation = yield* Schema.decodeEffect(EvaluationText)(yield* files.readFileString(path))
  return { evaluation, responses }
})
