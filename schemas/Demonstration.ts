import { Schema } from "effect"
import { Prompt } from "./Prompt.ts"

/** A prompt and the response to imitate. */
export const Demonstration = Schema.Struct({
  ...Prompt.fields,
  response: Schema.String
})
export type Demonstration = typeof Demonstration.Type
