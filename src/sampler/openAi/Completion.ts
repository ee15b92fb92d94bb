import { Schema } from "effect"

const orNull = <S extends Schema.Top>(schema: S) => Schema.optionalKey(Schema.NullOr(schema))

const LogProbabilities = Schema.Struct({
  /** Of a chat. */
  content: orNull(
    Schema.Array(
      Schema.Struct({
        logprob: Schema.Finite,
        /** Of llama.cpp: the token. */
        id: orNull(Schema.Natural)
      })
    )
  ),
  /** Of a text. */
  token_logprobs: orNull(Schema.Array(Schema.NullOr(Schema.Finite)))
})

const Choice = Schema.Struct({
  index: Schema.optionalKey(Schema.Natural),
  finish_reason: orNull(Schema.String),
  /** Of a chat. */
  message: Schema.optionalKey(
    Schema.Struct({
      content: orNull(Schema.String),
      /** Thoughts told apart: of llama.cpp, SGLang and older vLLM; of vLLM and Ollama. */
      reasoning_content: orNull(Schema.String),
      reasoning: orNull(Schema.String)
    })
  ),
  /** Of a text. */
  text: Schema.optionalKey(Schema.String),
  logprobs: orNull(LogProbabilities),
  /** Of servers that were asked for `return_token_ids`. */
  token_ids: orNull(Schema.Array(Schema.Natural))
})
export type Choice = typeof Choice.Type

/**
 * What OpenAI-compatible servers answer to /chat/completions and /completions, as far as it is read here.
 *
 * Source   The answers of vLLM, SGLang, llama.cpp and Ollama.
 * Units    `usage` in tokens, over all choices, or over the first one alone (llama.cpp); `timings.predicted_n` in tokens of
 *          the first choice; `logprob` in nats.
 */
export const Completion = Schema.Struct({
  choices: Schema.Array(Choice),
  usage: orNull(Schema.Struct({ prompt_tokens: orNull(Schema.Natural), completion_tokens: orNull(Schema.Natural) })),
  /** Of llama.cpp. */
  timings: orNull(Schema.Struct({ predicted_n: orNull(Schema.Natural) }))
})
export type Completion = typeof Completion.Type
