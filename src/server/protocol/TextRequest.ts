import { Schema } from "effect"
import { optional, required } from "../../../schemas/mod.ts"
import { samplingKeys } from "./sampling.ts"

const Ids = Schema.Array(Schema.Natural)
const several = Schema.isMaxLength(128)

/** A prompt, or several: texts, or tokens. */
const PromptText = Schema.Union([
  Schema.String,
  Ids,
  Schema.Array(Schema.String).check(several),
  Schema.Array(Ids).check(several)
])

/**
 * The body of `POST /v1/completions`.
 *
 * Source   The OpenAI API, and what vLLM adds to it. A key that would change the answer and is not known here is refused.
 */
export const TextRequest = Schema.Struct({
  prompt: required(
    PromptText,
    "The text to go on with, or its token ids, or a list of either; no token is added to it"
  ),
  ...samplingKeys,
  logprobs: optional(
    Schema.Literals([0, 1]),
    "0 or 1: log-probabilities of the drawn tokens are told (nats), and of no others"
  ),
  echo: optional(Schema.Literal(false), "Only false: the prompt is not repeated"),
  best_of: optional(Schema.Literal(1), "Only 1: ask for n responses and choose among them"),
  suffix: optional(Schema.Literal(""), "Only empty: nothing is filled in before a text")
})
export type TextRequest = typeof TextRequest.Type

/** The prompts as a list. */
export const promptsOf = ({ prompt }: TextRequest): ReadonlyArray<string | ReadonlyArray<number>> => {
  if (typeof prompt === "string") return [prompt]
  const each: ReadonlyArray<unknown> = prompt
  const isOne = typeof each[0] === "number" || each.length === 0
  return (isOne ? [prompt] : prompt) as ReadonlyArray<string | ReadonlyArray<number>> // as: the union is told apart by its first element
}
