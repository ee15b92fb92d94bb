import { Schema } from "effect"
import type { Message } from "../../../schemas/mod.ts"

const roles = {
  system: "system",
  human: "user",
  user: "user",
  gpt: "assistant",
  chatgpt: "assistant",
  bing: "assistant",
  bard: "assistant",
  assistant: "assistant"
} as const satisfies Record<string, Message["role"]>

/**
 * A turn of ShareGPT, whoever answered.
 *
 * Source   The names that ShareGPT and its derivatives write into `from`.
 */
export const Turn = Schema.Struct({
  from: Schema.Literals(["system", "human", "user", "gpt", "chatgpt", "bing", "bard", "assistant"]),
  value: Schema.String
})

/** A turn as a message. */
export const messageOf = ({ from, value }: typeof Turn.Type): Message => ({ role: roles[from], content: value })
