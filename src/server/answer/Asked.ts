import type { RolloutRequest } from "../../sampler/mod.ts"
import { type Key, key } from "../../random/mod.ts"
import type { ChatRequest } from "../protocol/ChatRequest.ts"
import type { TextRequest } from "../protocol/TextRequest.ts"

/** What is asked of the policy, and what its answer tells. */
export interface Asked {
  /** `n` for each prompt, in the order of the prompts. */
  readonly requests: ReadonlyArray<RolloutRequest>
  readonly promptTokens: number
  readonly tells: { readonly logProbabilities: boolean; readonly ids: boolean }
}

/** What a server takes where a request does not say. */
export interface Unsaid {
  /** Key of the chance of a request without a seed. */
  readonly key: Key
  /** Longest response (tokens). */
  readonly maxNewTokens: number
  readonly contextLength: number
}

const optionsOf = (body: ChatRequest | TextRequest) => {
  const {
    min_p,
    repeat_penalty,
    repetition_penalty = repeat_penalty,
    stop,
    stop_token_ids,
    temperature = 1,
    top_k = -1,
    top_p
  } = body
  return {
    temperature,
    ...(top_p === undefined ? {} : { topP: top_p }),
    ...(top_k < 1 ? {} : { topK: top_k }),
    ...(min_p === undefined ? {} : { minP: min_p }),
    ...(repetition_penalty === undefined ? {} : { repetitionPenalty: repetition_penalty }),
    ...(stop === undefined ? {} : { stop: typeof stop === "string" ? [stop] : stop }),
    ...(stop_token_ids === undefined ? {} : { stopIds: stop_token_ids })
  }
}

const asksForLogProbabilities = ({ logprobs }: ChatRequest | TextRequest): boolean =>
  logprobs !== undefined && logprobs !== false

/**
 * The requests of a body to its prompts as tokens.
 *
 * Domain   The chance of choice i of a prompt is key(seed, "choice", i): the same whatever n is, and whatever other prompts
 *          are asked beside it.
 */
export const askedOf = (body: ChatRequest | TextRequest, prompts: ReadonlyArray<Int32Array>, unsaid: Unsaid): Asked => {
  const { n = 1, return_token_ids: ids = false, seed } = body
  const logProbabilities = asksForLogProbabilities(body)
  const said = ("max_completion_tokens" in body ? body.max_completion_tokens : undefined) ?? body.max_tokens
  const options = { ...optionsOf(body), ...(logProbabilities ? { logProbabilities } : {}) }
  const chance = (i: number) => (seed === undefined ? key(...unsaid.key, "choice", i) : key(seed, "choice", i))
  const requests = prompts.flatMap((prompt) => {
    const room = Math.max(1, unsaid.contextLength - prompt.length)
    const maxNewTokens = said ?? Math.min(unsaid.maxNewTokens, room)
    return Array.from({ length: n }, (_, i) => ({ ...options, ids: prompt, key: chance(i), maxNewTokens }))
  })
  const promptTokens = prompts.reduce((sum, prompt) => sum + prompt.length, 0)
  return { requests, promptTokens, tells: { logProbabilities, ids } }
}
