import { Schema } from "effect"
import { Candidates } from "./Candidates.ts"

/**
 * A prompt, its responses, and one reward for each.
 *
 * Source   Eq. (1): r(x, a); after a length penalty r̃ of Eq. (9).
 * Domain   as many rewards as responses, in the same order.
 */
export const Scored = Schema.Struct({
  ...Candidates.fields,
  rewards: Schema.Array(Schema.Finite)
})
export type Scored = typeof Scored.Type
