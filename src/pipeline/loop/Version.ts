import { Schema } from "effect"

/** How the last training of a model ended: means over its last pass through the data. */
export const TrainingSummary = Schema.Struct({
  steps: Schema.Int,
  examples: Schema.Int,
  dropped: Schema.Record(Schema.String, Schema.Int),
  /** Nats. */
  loss: Schema.Finite,
  /** Share of pairs that are ranked right; absent where there are no pairs. */
  accuracy: Schema.optionalKey(Schema.Finite),
  /** The lowest loss on held-out examples, and the step it was measured at. */
  best: Schema.optionalKey(Schema.Struct({ step: Schema.Int, loss: Schema.Finite }))
})
export type TrainingSummary = typeof TrainingSummary.Type

/** A model of the run: its folder, the hash of what made it, and its training if it had one here. */
export interface Version {
  /** How the results table calls it. */
  readonly name: string
  readonly folder: string
  readonly hash: string
  /** Seconds from the version before it: sampling, scoring, pairing and training. */
  readonly seconds: number
  readonly training?: TrainingSummary
}
