import { Schema } from "effect"
import { optional, Temperature } from "../../../schemas/mod.ts"

/** Most responses to one prompt. */
export const mostChoices = 128

const Count = Schema.Int.check(Schema.isGreaterThanOrEqualTo(1))
const Share = Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 1 }))
const Some = Schema.Finite.check(Schema.isGreaterThan(0), Schema.isLessThanOrEqualTo(1))
const Stop = Schema.NonEmptyString.check(Schema.isMaxLength(256))
const zero = optional(Schema.Literal(0), "Only 0: no such penalty is applied")
/** As many tokens as a context has, or more. */
const leastLast = 65_536
const samplers = (["penalties", "temperature", "top_k", "top_p", "min_p"] as const).map((name) => Schema.Literal(name))
const unused = "Read, and not used"

/** Keys that say how tokens are chosen, the same in both kinds of request. */
export const samplingKeys = {
  model: optional(Schema.String, "Name of the model; without it, the one that is served"),
  n: optional(
    Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: mostChoices })),
    "Responses to each prompt (default 1)"
  ),
  seed: optional(
    Schema.Int,
    "All chance of the responses; without it, each request that the server gets has a seed of its own"
  ),
  temperature: optional(Schema.toEncoded(Temperature), "Divides the logits; 0 takes the most likely token (default 1)"),
  top_p: optional(Some, "Only the most likely tokens that have this much together (default 1)"),
  top_k: optional(
    Schema.Int.check(Schema.isGreaterThanOrEqualTo(-1)),
    "Only this many of the most likely tokens; -1 and 0: all (default)"
  ),
  min_p: optional(Share, "Only tokens with this share of the probability of the likeliest (default 0)"),
  repetition_penalty: optional(
    Schema.Finite.check(Schema.isGreaterThan(0)),
    "Divides the logits of tokens that occurred (default 1)"
  ),
  repeat_penalty: optional(
    Schema.Finite.check(Schema.isGreaterThan(0)),
    "llama.cpp's name of repetition_penalty, which counts where both are there"
  ),
  repeat_last_n: optional(
    Schema.Int.check(Schema.isGreaterThanOrEqualTo(leastLast)),
    `At least ${leastLast}: all tokens count as tokens that occurred`
  ),
  samplers: optional(Schema.Tuple(samplers), "Only the order that is kept here"),
  max_tokens: optional(Count, "Longest response (tokens)"),
  stop: optional(
    Schema.Union([Stop, Schema.Array(Stop).check(Schema.isMaxLength(16))]),
    "Texts that end a response, and are no part of it"
  ),
  stop_token_ids: optional(Schema.Array(Schema.Natural), "Further tokens that end a response"),
  return_token_ids: optional(Schema.Boolean, "Whether the ids of drawn tokens are told"),
  stream: optional(Schema.Boolean, "Whether the response comes in pieces, as server-sent events"),
  stream_options: optional(
    Schema.Struct({ include_usage: optional(Schema.Boolean, "Whether the last event tells the usage") }),
    "Only with stream"
  ),
  frequency_penalty: zero,
  presence_penalty: zero,
  logit_bias: optional(
    Schema.Record(Schema.String, Schema.Unknown).check(Schema.isMaxProperties(0)),
    "Only empty: logits are not changed by name"
  ),
  user: optional(Schema.String, unused),
  safety_identifier: optional(Schema.String, unused),
  prompt_cache_key: optional(Schema.String, unused),
  metadata: optional(Schema.Unknown, unused),
  store: optional(Schema.Literal(false), "Only false: nothing is stored"),
  service_tier: optional(Schema.Literals(["auto", "default"]), unused)
}
