import { Effect, FileSystem, Schema, Stream } from "effect"
import { Scored } from "../../../schemas/mod.ts"
import { readArrow } from "../../arrow/mod.ts"
import { rules } from "../../scorer/rule/mod.ts"
import type { CheckedPipeline } from "../check/checkInputs.ts"
import { carriers } from "../store/carriers.ts"
import { type Artefact, RunStore } from "../store/RunStore.ts"
import { Trainers } from "../Trainers.ts"
import { answerPrompts, type Asked } from "./answerPrompts.ts"
import { Evaluation } from "./Evaluation.ts"
import type { Version } from "./Version.ts"
import { winRate } from "./winRate.ts"

/** What is measured, and against what. */
interface Measured extends Asked {
  readonly initial: Version
}

const mean = (values: ReadonlyArray<number>): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length

const proxy = (scored: ReadonlyArray<Scored>) => scored.map(({ rewards }) => rewards)

const readScored = (path: string) =>
  Effect.map(Stream.runCollect(readArrow(path, Scored)), (batches) => batches.flatMap((batch) => batch.rows))

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
  const responses = yield* answerPrompts(pipeline, measured)
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
