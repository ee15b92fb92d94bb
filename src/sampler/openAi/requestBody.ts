import type { Message } from "../../../schemas/mod.ts"
import type { SampleRequest } from "../Policy.ts"
import type { OpenAiSampler } from "./OpenAiSampler.ts"

/** What is asked in one request: `n` responses to one prompt, given as messages or as token ids. */
export interface Asked {
  readonly prompt: { readonly messages: ReadonlyArray<Message> } | { readonly prompt: ReadonlyArray<number> }
  readonly temperature: number
  readonly n: number
  /** Of the first response. */
  readonly seed: number
}

/** What llama.cpp does, in this order: that of vLLM and of our own policies. */
const samplers = ["penalties", "temperature", "top_k", "top_p", "min_p"]

/**
 * What llama.cpp calls otherwise or does in another order, written only where it changes the draw: vLLM warns of each key that
 * it does not know.
 *
 * Source   README of llama.cpp's server. Its penalty counts the last 64 tokens, and −1 for all is refused; its temperature comes last.
 */
const llamaCppKeysOf = ({ minP = 0, repetitionPenalty = 1, topP = 1 }: SampleRequest, { temperature }: Asked) => ({
  ...(repetitionPenalty === 1 ? {} : { repeat_penalty: repetitionPenalty, repeat_last_n: 65_536 }),
  ...(temperature === 1 || (topP === 1 && minP === 0) ? {} : { samplers })
})

/** Keys that OpenAI does not know and other servers do, with the values that change nothing. */
const extensionsOf = (request: SampleRequest, asked: Asked) => ({
  top_k: request.topK ?? -1,
  min_p: request.minP ?? 0,
  repetition_penalty: request.repetitionPenalty ?? 1,
  ...llamaCppKeysOf(request, asked)
})

/**
 * The body of a request.
 *
 * Domain   What shapes the draw is always written, so that no default of a server or a model folder takes its place.
 */
export const requestBody = (
  options: OpenAiSampler,
  request: SampleRequest,
  asked: Asked
): Readonly<Record<string, unknown>> => ({
  model: options.model,
  ...asked.prompt,
  n: asked.n,
  seed: asked.seed,
  temperature: asked.temperature,
  top_p: request.topP ?? 1,
  max_tokens: request.maxNewTokens,
  ...(options.extensions === "send" ? extensionsOf(request, asked) : {}),
  ...(request.stop === undefined ? {} : { stop: request.stop }),
  ...(request.logProbabilities ? { logprobs: "messages" in asked.prompt ? true : 1 } : {}),
  ...(options.tokenIds === "ask" ? { return_token_ids: true } : {}),
  ...options.extra
})
