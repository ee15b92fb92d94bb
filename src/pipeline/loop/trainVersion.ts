import { Effect, FileSystem, Path, Ref, Schema } from "effect"
import type { Demonstration, Metrics, Preference } from "../../../schemas/mod.ts"
import type { TrainSettings } from "../file/TrainSettings.ts"
import { PipelineError } from "../errors.ts"
import { Progress } from "../Progress.ts"
import { carriers } from "../store/carriers.ts"
import { RunStore } from "../store/RunStore.ts"
import type { ObjectiveChoice } from "../../training/mod.ts"
import { Trainers } from "../Trainers.ts"
import { TrainingSummary, type Version } from "./Version.ts"

/** A training phase of the loop. */
export interface Training {
  /** How the results table calls what comes out. */
  readonly name: string
  /** Its folder in the run. */
  readonly into: string
  readonly objective: ObjectiveChoice
  readonly from: Pick<Version, "folder" | "hash">
  readonly reference?: Pick<Version, "folder" | "hash">
  readonly examples: ReadonlyArray<Demonstration> | ReadonlyArray<Preference>
  /** Hash of the examples. */
  readonly examplesHash: string
  readonly settings: TrainSettings
  readonly seed: number
}

const SummaryText = Schema.fromJsonString(TrainingSummary)

const mean = (values: ReadonlyArray<number>): number => values.reduce((sum, value) => sum + value, 0) / values.length

const lastPass = (steps: ReadonlyArray<Metrics>, epochs: number): Pick<TrainingSummary, "loss" | "accuracy"> => {
  const last = steps.filter(({ epoch }) => epoch > epochs - 1)
  const accuracies = last.flatMap((step) => step["rewards/accuracies"] ?? [])
  const loss = last.length === 0 ? 0 : mean(last.map((step) => step.loss))
  return accuracies.length === 0 ? { loss } : { loss, accuracy: mean(accuracies) }
}

/**
 * Trains a model into a folder of the run, unless the folder is there already; logs every step.
 *
 * Fails    StepFailed, PipelineError.
 */
export const trainVersion = Effect.fn("trainVersion")(function* (training: Training) {
  const { examples, into, objective, settings } = training
  const files = yield* FileSystem.FileSystem
  const { join } = yield* Path.Path
  const store = yield* RunStore
  const trainers = yield* Trainers
  const progress = yield* Progress
  const total = Math.ceil(examples.length / settings.batchSize) * settings.epochs
  const train = Effect.fnUntraced(function* (temporary: string) {
    const steps = yield* Ref.make<ReadonlyArray<Metrics>>([])
    const advance = yield* progress.phase({ name: `train ${into}`, total, unit: "steps" })
    yield* store.beginPhase(into)
    const onStep = Effect.fnUntraced(function* (metrics: Metrics) {
      yield* Ref.update(steps, (before) => [...before, metrics])
      yield* Effect.orDie(store.appendMetrics(metrics)) // a step has no failure of its own: it is one again outside of the training
      yield* advance(1, `loss ${metrics.loss.toFixed(4)}`)
    })
    const trained = trainers.train({
      phase: into,
      objective,
      from: training.from.folder,
      ...(training.reference ? { reference: training.reference.folder } : {}),
      examples,
      into: temporary,
      settings,
      seed: training.seed,
      onStep
    })
    const { dropped, steps: count } = yield* Effect.catchDefect(trained, (defect) =>
      defect instanceof PipelineError ? Effect.fail(defect) : Effect.die(defect)
    )
    const left = Object.values(dropped).reduce((sum, n) => sum + n, 0)
    if (left > 0) {
      const reasons = Object.entries(dropped).map(([reason, n]) => `${n} ${reason}`)
      yield* progress.warn(`Training ${into} left out ${left} of ${examples.length} examples: ${reasons.join(", ")}`)
    }
    const ended = lastPass(yield* Ref.get(steps), settings.epochs)
    const summary: TrainingSummary = { steps: count, examples: examples.length, dropped, ...ended }
    yield* files.writeFileString(join(temporary, "training.json"), `${JSON.stringify(summary, undefined, 2)}\n`)
  }, Effect.scoped)
  const { hash, path, seconds } = yield* store.artefact({
    name: into,
    carrier: carriers.folder,
    lineage: {
      settings: { objective, ...settings, seed: training.seed },
      inputs: {
        start: training.from.hash,
        ...(training.reference ? { reference: training.reference.hash } : {}),
        examples: training.examplesHash
      }
    },
    make: train
  })
  const text = yield* files.readFileString(join(path, "training.json"))
  const summary = yield* Schema.decodeEffect(SummaryText)(text)
  return { name: training.name, folder: path, hash, seconds, training: summary } satisfies Version
})
