import { Schema } from "effect"
import { Prompt } from "./Prompt.ts"
import { Response } from "./Response.ts"

/**
 * A prompt and the responses drawn for it, in the order of `sample`.
 *
 * Domain   `drawnFrom` says of each response which policy gave it, πₜ or π₀; absent where πₜ gave all of them.
 */
export const Candidates = Schema.Struct({
  ...Prompt.fields,
  responses: Schema.Array(Response),
  drawnFrom: Schema.optionalKey(Schema.Array(Schema.Literals(["policy", "reference"])))
})
export type Candidates = typeof Candidates.Type
