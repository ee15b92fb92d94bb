import { Schema } from "effect"
import { Prompt } from "./Prompt.ts"

/**
 * A prompt and two responses that are to be compared: (x, a¹, a²).
 *
 * Domain   `pairId` is unique within a file.
 */
export const Pair = Schema.Struct({
  pairId: Schema.NonEmptyString,
  ...Prompt.fields,
  first: Schema.String,
  second: Schema.String
})
export type Pair = typeof Pair.Type
