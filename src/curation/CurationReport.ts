import { Schema } from "effect"

/** A row that a rule dropped, and why. */
export const DroppedExample = Schema.Struct({ id: Schema.String, why: Schema.String })

/** What one step did. */
export const StepReport = Schema.Struct({
  rule: Schema.String,
  rowsIn: Schema.Natural,
  dropped: Schema.Natural,
  examples: Schema.Array(DroppedExample)
})

/**
 * What became of the rows of a stream, step by step.
 *
 * Domain   rowsIn = rowsOut + the sum of `dropped`; `examples` are the first rows that a step dropped.
 */
export const CurationReport = Schema.Struct({
  rowsIn: Schema.Natural,
  rowsOut: Schema.Natural,
  steps: Schema.Array(StepReport)
})
export type CurationReport = typeof CurationReport.Type
