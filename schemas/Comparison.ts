import { Schema } from "effect"
import { Preference } from "./Preference.ts"

/**
 * A preference as a data set gives it, with what its row says beside it.
 *
 * Units    `chosenScore` and `rejectedScore` on the scale of the data set; `margin` is their difference, or 0 where the row
 *          has no scores.
 * Domain   `dataset` is a name of the table of data sets; `source` is who wrote the prompt or the responses; `annotator` is
 *          who preferred; `contradicted` says which other field of the row speaks against the label.
 */
export const Comparison = Schema.Struct({
  ...Preference.fields,
  chosenScore: Schema.optionalKey(Schema.Finite),
  rejectedScore: Schema.optionalKey(Schema.Finite),
  dataset: Schema.optionalKey(Schema.NonEmptyString),
  source: Schema.optionalKey(Schema.NonEmptyString),
  annotator: Schema.optionalKey(Schema.NonEmptyString),
  contradicted: Schema.optionalKey(Schema.NonEmptyString)
})
export type Comparison = typeof Comparison.Type
