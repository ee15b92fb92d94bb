import { Schema } from "effect"
import { Message } from "./Message.ts"

/**
 * A conversation that waits for a response: x in the paper.
 *
 * Domain   at least one message; `promptId` is unique within a run.
 */
export const Prompt = Schema.Struct({
  promptId: Schema.NonEmptyString,
  messages: Schema.Array(Message).check(Schema.isMinLength(1))
})
export type Prompt = typeof Prompt.Type
