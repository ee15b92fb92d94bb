import { Context, type Effect, type Layer } from "effect"
import type { Demonstration, Metrics, Preference } from "../../schemas/mod.ts"
import type { Policy } from "../sampler/mod.ts"
import type { Reward, Said } from "../scorer/mod.ts"
import type { ObjectiveChoice } from "../training/mod.ts"
import type { StepFailed } from "./errors.ts"
import type { TrainSettings } from "./file/TrainSettings.ts"

/** One training phase: from which weights, on what, and the folder it writes. */
export interface TrainingPhase {
  readonly phase: string
  readonly objective: ObjectiveChoice
  readonly from: string
  readonly reference?: string
  readonly examples: ReadonlyArray<Demonstration> | ReadonlyArray<Preference>
  readonly into: string
  readonly settings: TrainSettings
  readonly seed: number
  readonly onStep: (metrics: Metrics) => Effect.Effect<void>
}

/** What a training phase leaves besides its folder. */
export interface Trained {
  readonly steps: number
  /** Examples left out, by the reason. */
  readonly dropped: Readonly<Record<string, number>>
}

/**
 * Everything a loop asks of models, so that a loop can run without any.
 *
 * Domain   `policy` and `reward` open a model when they are first asked.
 * Units    `logProbabilities` in nats, summed over the tokens that were drawn.
 * Fails    StepFailed
 */
export class Trainers extends Context.Service<
  Trainers,
  {
    /** Versions of the software that computes, by its name. */
    readonly versions: Readonly<Record<string, string>>
    readonly initialize: (options: {
      readonly from: string
      readonly into: string
      readonly seed: number
    }) => Effect.Effect<void, StepFailed>
    readonly train: (phase: TrainingPhase) => Effect.Effect<Trained, StepFailed>
    readonly logProbabilities: (options: {
      readonly model: string
      readonly rows: ReadonlyArray<Said>
    }) => Effect.Effect<Float64Array, StepFailed>
    readonly policy: (folder: string, options: { readonly batchSize: number }) => Layer.Layer<Policy>
    readonly reward: (folder: string, options: { readonly batchSize: number }) => Layer.Layer<Reward>
  }
>()("prefloop/pipeline/Trainers") {}
