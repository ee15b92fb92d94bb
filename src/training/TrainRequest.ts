import type { Effect } from "effect"
import type { Audit, LearnedTurns, LengthPolicy, Metrics } from "../../schemas/mod.ts"
import type { Lora } from "../model/mod.ts"
import type { Examples } from "./Examples.ts"
import type { ObjectiveChoice } from "./objective/mod.ts"
import type { OptimizerChoice } from "./optimizer/mod.ts"
import type { ScheduleOptions, schedules } from "./schedule/mod.ts"

/** Measuring during training, on examples that are not trained on. Units: steps. */
export interface HeldOut {
  readonly examples: Examples
  readonly every: number
  /** Evaluations without a new lowest loss after which training stops; never when absent. */
  readonly patience?: number
}

/** Where a run can be taken up again, and how often that is written. */
export interface Resume {
  readonly file: string
  /** Units: optimizer steps. */
  readonly every: number
  /** What to do with a state of other data or settings: stop with an error, or begin again. */
  readonly foreign: "error" | "discard"
}

/** What is trained, on what, how, and where the result goes. */
export interface TrainRequest {
  readonly objective: ObjectiveChoice
  /** LD-DPO: what response tokens beyond the shorter response of their pair count. Domain: 0 ≤ α ≤ 1. */
  readonly lengthDesensitized?: number
  /** WPO: pairs count as much as they are likely under the policy. */
  readonly weighting?: "wpo"
  readonly from: string
  /** The frozen π₀ of losses that have one. */
  readonly reference?: string
  readonly examples: Examples
  readonly into: string
  /** Train a low-rank change and leave the weights of `from` as they are; the result is an adapter folder, or merged. */
  readonly lora?: Lora & { readonly merge: boolean }
  readonly optimizer: OptimizerChoice
  readonly maxGradientNorm: number
  readonly schedule: { readonly [Name in keyof typeof schedules]?: ScheduleOptions }
  /** Examples, or blocks where they are packed, of one optimizer step, and of one pass through the graphs. */
  readonly batchSize: number
  readonly microBatchSize: number
  readonly epochs: number
  /** Stop after as many optimizer steps, if the epochs hold more. */
  readonly maxSteps?: number
  /** A new order for each epoch, drawn from the seed (default), or the order of the data. */
  readonly order?: "seeded" | "data"
  readonly maxTokens: number
  readonly lengthPolicy: LengthPolicy
  /** The assistant turns of a demonstration that are learned (default all). */
  readonly turns?: LearnedTurns
  /** Whether what the template prints after the last end token is learned too (default left alone). */
  readonly afterEnd?: "learn" | "leave"
  /** Pack examples into blocks of this many tokens; one example is one block when absent. */
  readonly blockLength?: number
  /** Units: bytes; no limit when absent. Layers are computed a second time as far as this asks for it, with the same bits. */
  readonly memoryBudget?: number
  readonly heldOut?: HeldOut
  readonly resume?: Resume
  readonly seed: number
  readonly phase: string
  readonly onStep: (metrics: Metrics) => Effect.Effect<void>
  /** Told before anything is trained. */
  readonly onAudit?: (audit: Audit) => Effect.Effect<void>
  /** Told once, when steps of an earlier run are taken over. */
  readonly onResume?: (steps: number) => Effect.Effect<void>
}
