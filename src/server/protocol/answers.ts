import { Schema } from "effect"

const Finish = Schema.NullOr(Schema.Literals(["stop", "length"]))
const Ids = Schema.optionalKey(Schema.Array(Schema.Int))

/** What a request cost. Units: tokens; each prompt is counted once, whatever n is. */
export const Usage = Schema.Struct({
  prompt_tokens: Schema.Int,
  completion_tokens: Schema.Int,
  total_tokens: Schema.Int
})
export type Usage = typeof Usage.Type

/** Log-probabilities of a chat (nats): at temperature 1, before anything is left out; an end token is among them. */
export const ChatLogProbabilities = Schema.Struct({
  content: Schema.Array(
    Schema.Struct({
      token: Schema.String,
      logprob: Schema.Finite,
      bytes: Schema.NullOr(Schema.Array(Schema.Int)),
      top_logprobs: Schema.Array(Schema.Unknown)
    })
  ),
  refusal: Schema.Null
})

/** Log-probabilities of a text (nats), as those of a chat; offsets in code units from the beginning of the response. */
export const TextLogProbabilities = Schema.Struct({
  tokens: Schema.Array(Schema.String),
  token_logprobs: Schema.Array(Schema.Finite),
  top_logprobs: Schema.Null,
  text_offset: Schema.Array(Schema.Int)
})

const answered = { id: Schema.String, created: Schema.Int, model: Schema.String, system_fingerprint: Schema.String }

const chatChoice = { index: Schema.Int, finish_reason: Finish, logprobs: Schema.NullOr(ChatLogProbabilities) }

/** The answer of `POST /v1/chat/completions`. */
export const ChatAnswer = Schema.Struct({
  ...answered,
  object: Schema.Literal("chat.completion"),
  choices: Schema.Array(
    Schema.Struct({
      ...chatChoice,
      message: Schema.Struct({ role: Schema.Literal("assistant"), content: Schema.String, refusal: Schema.Null }),
      token_ids: Ids
    })
  ),
  usage: Usage
})

/** One event of a chat that is streamed. */
export const ChatPiece = Schema.Struct({
  ...answered,
  object: Schema.Literal("chat.completion.chunk"),
  choices: Schema.Array(
    Schema.Struct({
      ...chatChoice,
      delta: Schema.Struct({
        role: Schema.optionalKey(Schema.Literal("assistant")),
        content: Schema.optionalKey(Schema.String)
      }),
      token_ids: Ids
    })
  ),
  usage: Schema.optionalKey(Schema.NullOr(Usage))
})

/** The answer of `POST /v1/completions`; each event of one that is streamed has the same shape. */
export const TextAnswer = Schema.Struct({
  ...answered,
  object: Schema.Literal("text_completion"),
  choices: Schema.Array(
    Schema.Struct({
      index: Schema.Int,
      text: Schema.String,
      finish_reason: Finish,
      logprobs: Schema.NullOr(TextLogProbabilities),
      token_ids: Ids
    })
  ),
  usage: Schema.optionalKey(Schema.NullOr(Usage))
})

/** The answer of `GET /v1/models`. Units: `created` in seconds since 1970: when the server started. */
export const ModelList = Schema.Struct({
  object: Schema.Literal("list"),
  data: Schema.Array(
    Schema.Struct({
      id: Schema.String,
      object: Schema.Literal("model"),
      created: Schema.Int,
      owned_by: Schema.Literal("prefloop")
    })
  )
})

/** The answer of `GET /health`. */
export const Health = Schema.Struct({ status: Schema.Literal("ok") })
