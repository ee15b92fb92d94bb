import { Schema } from "effect"
import type { Message } from "../../../schemas/mod.ts"
import { optional, required } from "../../../schemas/mod.ts"

const Part = Schema.Struct({ type: Schema.Literal("text"), text: Schema.String })
const Nothing = Schema.Array(Schema.Unknown).check(Schema.isMaxLength(0))

/**
 * A turn as OpenAI clients write it; `developer` is another word for `system`.
 *
 * Domain   What clients repeat of an answer beside its text may be there where it is empty.
 */
export const ChatMessage = Schema.Struct({
  role: required(Schema.Literals(["system", "developer", "user", "assistant"]), "Who speaks; developer means system"),
  content: required(Schema.Union([Schema.String, Schema.Array(Part)]), "What is said: a text, or parts of a text"),
  annotations: optional(Nothing, "Only empty: a client may repeat it of an answer"),
  tool_calls: optional(Nothing, "Only empty: no tools are called here")
})
export type ChatMessage = typeof ChatMessage.Type

/** A turn as templates read it. */
export const toMessage = ({ content, role }: ChatMessage): Message => ({
  role: role === "developer" ? "system" : role,
  content: typeof content === "string" ? content : content.map(({ text }) => text).join("")
})
