import { Schema } from "effect"
import { defaulted, required } from "../../../schemas/mod.ts"
import { endpointKeys } from "../../remote/mod.ts"

const Extra = Schema.Record(Schema.String, Schema.Json)

/** What becomes of thoughts that a server tells apart from the text. */
const reasoningKey = (usual: "refuse" | "drop") =>
  defaulted(
    Schema.Literals(["refuse", "drop"]),
    usual,
    "What becomes of thoughts that a server tells apart from the text (reasoning_content): drop leaves them out, and what is left is not all that was drawn"
  )

/** The keys of a model on an OpenAI-compatible server. */
export const openAiKeys = {
  ...endpointKeys,
  model: required(Schema.NonEmptyString, "Name of the model on the server"),
  samples: defaulted(
    Schema.Literals(["together", "oneByOne"]),
    "together",
    "Whether the responses of a prompt and temperature are asked for in one request, or in one request each"
  ),
  extensions: defaulted(
    Schema.Literals(["send", "omit"]),
    "send",
    "Whether top_k, min_p and what else OpenAI has no key for is written, so that no default of the server shapes the draw; omit for servers that refuse unknown keys"
  ),
  tokenIds: defaulted(
    Schema.Literals(["ask", "omit"]),
    "omit",
    "Whether the ids of drawn tokens are asked for (return_token_ids of vLLM; llama.cpp tells them with logProbabilities)"
  ),
  reasoning: reasoningKey("refuse"),
  extra: defaulted(
    Extra,
    {},
    "Further keys of each request, as the server wants them: { chat_template_kwargs: { enable_thinking: false } }"
  )
}

/** A model on an OpenAI-compatible server. */
export const OpenAiSampler = Schema.Struct(openAiKeys)
export type OpenAiSampler = typeof OpenAiSampler.Type

/** A model that judges on an OpenAI-compatible server: its verdict counts, its thoughts do not. */
export const OpenAiJudge = Schema.Struct({ ...openAiKeys, reasoning: reasoningKey("drop") })
