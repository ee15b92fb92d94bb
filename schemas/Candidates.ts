import { Schema } from "effect"
import { Prompt } from "./Prompt.ts"
import { Response } from "./Response.ts"

/** A prompt and the responses drawn for it, in the order of `sample`. */
export const Candidates = Schema.Struct({
  ...Prompt.fields,
  responses: Schema.Array(Response)
})
export type Candidates = typeof Candidates.Type
