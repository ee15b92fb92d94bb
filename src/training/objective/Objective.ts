import type { Kind } from "../../checkpoint/mod.ts"
import type { Ops, Value } from "../../graph/mod.ts"
import type { Block, ParameterOf, Sequence, SequenceModel } from "../../model/mod.ts"
import type { Feed } from "../../scorer/mod.ts"

/** An example ready for the graph: one sequence for a demonstration, chosen and rejected for a preference. */
export interface Encoded {
  readonly promptId: string
  readonly sequences: ReadonlyArray<Sequence>
  /** log π₀ of each sequence, where the objective asks for it. Units: nats. */
  readonly reference: ReadonlyArray<number>
}

/** Means over the examples of a batch, in the spelling of training logs. */
export type Measures = Readonly<Record<string, number>>

/** What is minimised: the graph above the trunk, what it is fed, and what it tells. */
export interface Objective {
  readonly kind: Kind
  /** Whether log π₀ of every sequence is wanted. */
  readonly reference: boolean
  /**
   * The loss of a micro-batch as a share of its batch, and the values to report.
   *
   * Shapes   Adds the input scale: []; result loss [], reports [example] each.
   */
  readonly build: (
    op: Ops,
    model: SequenceModel,
    parameterOf: ParameterOf
  ) => { readonly loss: Value; readonly reports: Readonly<Record<string, Value>> }
  /** The inputs besides ids and scale. */
  readonly feeds: (block: Block, examples: ReadonlyArray<Encoded>) => Readonly<Record<string, Feed>>
  /** What an example counts in the mean that is the loss: its response tokens, or one. */
  readonly weight: (example: Encoded) => number
  /** Sums over examples of what is reported; divided by the number of examples they are the batch's measures. */
  readonly measure: (examples: ReadonlyArray<Encoded>, reports: Readonly<Record<string, Float32Array>>) => Measures
}

/** Rows of the first and of the second sequence of each example. */
export const pairRows = (count: number) => ({
  chosen: Array.from({ length: count }, (_, i) => 2 * i),
  rejected: Array.from({ length: count }, (_, i) => 2 * i + 1)
})
