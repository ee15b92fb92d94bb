import { Effect, FileSystem, Path, Ref, Schema } from "effect"
import type { Audit } from "../../../schemas/mod.ts"
import type { Examples, ObjectiveChoice } from "../../training/mod.ts"
import type { TrainSettings } from "../file/TrainSettings.ts"
import { carriers } from "../store/carriers.ts"
import { RunStore } from "../store/RunStore.ts"
import { followTraining } from "./followTraining.ts"
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
  readonly examples: Examples
  /** Hash of the examples. */
  readonly examplesHash: string
  /** Where examples were found that are not made here, by the key that says so. */
  readonly sources?: Readonly<Record<string, string>>
  readonly settings: TrainSettings
  readonly seed: number
}

const SummaryText = Schema.fromJsonString(TrainingSummary)

const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`

const lineageOf = (training: Training) => {
  // how often a state is saved, and what is computed twice to save memory, change no result
  const { memoryBudget: _budget, saveEvery: _, ...settings } = training.settings
  return {
    settings: { objective: training.objective, ...settings, seed: training.seed },
    inputs: {
      start: training.from.hash,
      ...(training.reference ? { reference: training.reference.hash } : {}),
      examples: training.examplesHash
    },
    ...(training.sources ? { sources: training.sources } : {})
  }
}

/**
 * Trains a model into a folder of the run, unless the folder is there already; logs every step. A phase that was stopped in
 * the middle goes on from `<into>.state`, which is gone when it is done.
 *
 * Fails    StepFailed, PipelineError.
 */
export const trainVersion = Effect.fn("trainVersion")(function* (training: Training) {
  const { examples, into, objective, seed, settings } = training
  const files = yield* FileSystem.FileSystem
  const { join } = yield* Path.Path
  const store = yield* RunStore
  const train = Effect.fnUntraced(function* (temporary: string) {
    const audit = yield* Ref.make<Audit | undefined>(undefined)
    const summary = yield* followTraining({
      phase: {
        phase: into,
        objective,
        from: training.from.folder,
        ...(training.reference ? { reference: training.reference.folder } : {}),
        examples,
        into: temporary,
        settings,
        seed,
        // what lies there was made by other settings, or by other weights before it: the lineage decides, not the state
        resume: { file: join(store.folder, `${into}.state`), every: settings.saveEvery, foreign: "discard" }
      },
      log: { begin: store.beginPhase, write: store.appendMetrics },
      onAudit: (found) => Ref.set(audit, found)
    })
    const found = yield* Ref.get(audit)
    if (found) yield* files.writeFileString(join(temporary, "audit.json"), json(found))
    yield* files.writeFileString(join(temporary, "training.json"), json(summary))
  })
  const { hash, path, seconds } = yield* store.artefact({
    name: into,
    carrier: carriers.folder,
    lineage: lineageOf(training),
    make: train
  })
  const text = yield* files.readFileString(join(path, "training.json"))
  const summary = yield* Schema.decodeEffect(SummaryText)(text)
  return { name: training.name, folder: path, hash, seconds, training: summary } satisfies Version
})
