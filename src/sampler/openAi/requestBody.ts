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

/** Keys that OpenAI does not know and other servers do, with the values that change nothing. */
const extensionsOf = ({ minP = 0, repetitionPenalty = 1, topK = -1 }: SampleRequest) => ({
  top_k: topK,
  min_p: minP,
  repetition_penalty: repetitionPenalty
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
  ...(options.extensions === "send" ? extensionsOf(request) : {}),
  ...(request.stop === undefined ? {} : { stop: request.stop }),
  ...(request.logProbabilities ? { logprobs: "messages" in asked.prompt ? true : 1 } : {}),
  ...(options.tokenIds === "ask" ? { return_token_ids: true } : {}),
  ...options.extra
})
