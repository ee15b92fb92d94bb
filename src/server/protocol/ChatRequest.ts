import { Schema } from "effect"
import { optional, required } from "../../../schemas/mod.ts"
import { ChatMessage } from "./ChatMessage.ts"
import { samplingKeys } from "./sampling.ts"

const Nothing = Schema.Array(Schema.Unknown).check(Schema.isMaxLength(0))

/**
 * The body of `POST /v1/chat/completions`.
 *
 * Source   The OpenAI API, and what vLLM adds to it. A key that would change the answer and is not known here is refused.
 */
export const ChatRequest = Schema.Struct({
  messages: required(Schema.Array(ChatMessage).check(Schema.isMinLength(1)), "The conversation so far"),
  ...samplingKeys,
  max_completion_tokens: optional(samplingKeys.max_tokens.schema, "The newer name of max_tokens"),
  logprobs: optional(Schema.Boolean, "Whether log-probabilities of the drawn tokens are told (nats)"),
  top_logprobs: optional(Schema.Literal(0), "Only 0: other tokens than the drawn ones are not told"),
  response_format: optional(Schema.Struct({ type: Schema.Literal("text") }), "Only text"),
  modalities: optional(Schema.Tuple([Schema.Literal("text")]), "Only text"),
  tools: optional(Nothing, "Only empty: no tools are called here"),
  tool_choice: optional(Schema.Literals(["none", "auto"]), "Without tools, both mean none")
})
export type ChatRequest = typeof ChatRequest.Type
