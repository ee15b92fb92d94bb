import { Schema } from "effect"

/** A row of HelpSteer: one response and its five attributes, 0 to 4 each. */
export const HelpSteerRow = Schema.Struct({
  prompt: Schema.NonEmptyString,
  response: Schema.String,
  helpfulness: Schema.Finite,
  correctness: Schema.Finite,
  coherence: Schema.Finite,
  complexity: Schema.Finite,
  verbosity: Schema.Finite
})
