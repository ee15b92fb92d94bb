import { Context, type Effect, type Layer } from "effect"
import type { Audit, Metrics } from "../../schemas/mod.ts"
import type { Preference } from "../judge/mod.ts"
import type { DecoderOptions, Policy } from "../sampler/mod.ts"
import type { Reward, Said } from "../scorer/mod.ts"
import type { Examples, ObjectiveChoice, TrainRequest } from "../training/mod.ts"
import type { StepFailed } from "./errors.ts"
import type { TrainSettings } from "./file/TrainSettings.ts"

/** One training phase: from which weights, on what, and the folder it writes. */
export interface TrainingPhase {
  readonly phase: string
  readonly objective: ObjectiveChoice
  readonly from: string
  readonly reference?: string
  readonly examples: Examples
  readonly into: string
  readonly settings: TrainSettings
  readonly seed: number
  readonly heldOut?: NonNullable<TrainRequest["heldOut"]>
  readonly resume: NonNullable<TrainRequest["resume"]>
  /** What became of the examples, before anything is trained. */
  readonly onAudit: (audit: Audit) => Effect.Effect<void>
  /** Steps of an earlier run that are taken over, where there are any. */
  readonly onResume: (steps: number) => Effect.Effect<void>
  readonly onStep: (metrics: Metrics) => Effect.Effect<void>
  /** Told within how many bytes a phase stays whose settings do not say. */
  readonly onBudget: (bytes: number) => Effect.Effect<void>
}

/** What a training phase leaves besides its folder. */
export interface Trained {
  readonly steps: number
  /** Examples left out, by the reason. */
  readonly dropped: Readonly<Record<string, number>>
  /** The lowest loss on held-out examples, and the step it was measured at. Units: nats. */
  readonly best?: { readonly step: number; readonly loss: number }
}

/**
 * Everything a loop asks of models, so that a loop can run without any.
 *
 * Domain   `policy`, `reward` and `preference` open a model when they are first asked.
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
    readonly policy: (
      folder: string,
      options: { readonly batchSize: number } & Pick<DecoderOptions, "cache" | "cacheMemory" | "weights">
    ) => Layer.Layer<Policy>
    readonly reward: (folder: string, options: { readonly batchSize: number }) => Layer.Layer<Reward>
    readonly preference: (folder: string, options: { readonly batchSize: number }) => Layer.Layer<Preference>
  }
>()("prefloop/pipeline/Trainers") {}
