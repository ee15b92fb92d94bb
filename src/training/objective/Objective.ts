import type { Kind } from "../../checkpoint/mod.ts"
import type { Ops, Value } from "../../graph/mod.ts"
import type { BatchInputName } from "./batchInputs.ts"
import type { Encoded } from "./Encoded.ts"

/** Sums over the examples of a batch, in the spelling of training logs; each comes with what it is divided by. */
export type Measures = Readonly<Record<string, { readonly sum: number; readonly count: number }>>

/** What a loss is built from. Each is made when it is first read, so that a graph holds only what is used. */
export interface Readings {
  readonly op: Ops
  /**
   * What the model said: log π of every predicted token, [selected, 1], or both rewards of every pair, [pairs, 2].
   * The gradient is taken by it.
   */
  readonly output: Value
  /** The same numbers, but no gradient flows through them. */
  readonly detached: () => Value
  /** Something of the batch. */
  readonly batch: (name: BatchInputName) => Value
}

/** What is minimised: a function of what the model said, what else it reads, and what it tells. */
export interface Objective {
  readonly name: string
  readonly kind: Kind
  /** Whether log π₀ of every sequence is wanted. */
  readonly reference: boolean
  /** Which tokens are predicted: those of the loss, or the prompt's too. */
  readonly predict: "learned" | "all"
  /** Whether the loss reads across the examples of one pass, so that one example alone has none. */
  readonly coupled: boolean
  /** Whether each example needs the responses of another one under its own prompt. */
  readonly mismatched: boolean
  /** The value that the first loss must have when policy and reference are one model, if it has one. Units: nats. */
  readonly firstLoss?: number
  /** What a response token counts in its sum; see `Batch`. */
  readonly tokenWeight?: (place: number, shorter: number) => number
  /** The loss, as the share of its pass in the batch, and values to report. Shapes: loss []; reports [pairs] or [rows]. */
  readonly build: (read: Readings) => { readonly loss: Value; readonly reports: Readonly<Record<string, Value>> }
  /** The running mean of implicit rewards after a batch, where the loss reads it. */
  readonly nextRunningReward?: (before: number, measures: Readonly<Record<string, number>>) => number
  /** What is logged of the examples of one pass. */
  readonly measure: (examples: ReadonlyArray<Encoded>, reports: Readonly<Record<string, Float32Array>>) => Measures
}
