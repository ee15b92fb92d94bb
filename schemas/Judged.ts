import { Schema } from "effect"
import { Prompt } from "./Prompt.ts"

/** A prompt and one response that is good or bad by itself, with no other to compare it with. */
export const Judged = Schema.Struct({
  ...Prompt.fields,
  response: Schema.String,
  desirable: Schema.Boolean
})
export type Judged = typeof Judged.Type
