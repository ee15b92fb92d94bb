import { Schema } from "effect"

/** A folder of weights, and what they answer with: text, or a reward. */
export const Checkpoint = Schema.Struct({
  path: Schema.NonEmptyString,
  kind: Schema.Literals(["policy", "reward"])
})
export type Checkpoint = typeof Checkpoint.Type
