import type { Kind } from "../../checkpoint/mod.ts"
import type { Encoded } from "./Encoded.ts"
import type { Mixture } from "../../loss/mod.ts"
import type { LossGraph } from "./lossGraph.ts"

/** Sums over the examples of a batch, in the spelling of training logs; each with what it is divided by. */
export type Measures = Readonly<Record<string, { readonly sum: number; readonly count: number }>>

/** Which examples an objective learns from: responses to imitate, or what losses of the table are on. */
export type LearnsFrom = "demonstrations" | Mixture["on"]

/** What is minimised: a loss of what the model said, and what is told of it. */
export interface Objective {
  readonly name: string
  readonly kind: Kind
  readonly on: LearnsFrom
  readonly loss: LossGraph
  /** Whether log π₀ of every sequence is wanted. */
  readonly reference: boolean
  /** Whether each example needs the responses of another one under its own prompt. */
  readonly mismatched: boolean
  /** What an example becomes: a question answered by a letter; the responses themselves when absent. */
  readonly asks?: "letter"
  /** Which tokens are predicted: those of the loss, or the prompt's too. */
  readonly predict: "learned" | "all"
  /** Whether the loss reads across the examples of one pass, so that one example alone has none. */
  readonly coupled: boolean
  /** The value that the first loss must have when policy and reference are one model, if it has one. Units: nats. */
  readonly firstLoss?: number
  /** What a response token counts in its sum; see `Batch`. */
  readonly tokenWeight?: (place: number, shorter: number) => number
  /** What is logged of the examples of one pass. Shapes: reports [pairs] or [rows]. */
  readonly measure: (examples: ReadonlyArray<Encoded>, reports: Readonly<Record<string, Float32Array>>) => Measures
}
