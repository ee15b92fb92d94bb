import { Cause } from "effect"
import { JudgeError } from "../judge/mod.ts"
import { SamplerError } from "../sampler/mod.ts"
import { ScorerError } from "../scorer/mod.ts"
import type { TextError } from "../text/mod.ts"
import { Refused } from "./errors.ts"

/** Options of the sampler as requests call them. */
const keys: Readonly<Record<string, string>> = {
  maxNewTokens: "max_tokens",
  topK: "top_k",
  topP: "top_p",
  minP: "min_p",
  repetitionPenalty: "repetition_penalty",
  stopIds: "stop_token_ids",
  ids: "prompt"
}

const broken = (message: string) => new Refused({ status: 500, message, code: "internal_error" })

/** A prompt that cannot be written as tokens. */
export const textRefused = (param: "messages" | "prompt", error: TextError): Refused => {
  if (error.reason._tag === "ThreadFailed") return broken(error.message)
  const code = error.reason._tag === "PromptTooLong" ? "context_length_exceeded" : "invalid_prompt"
  return new Refused({ status: 400, message: error.message, param, code })
}

const samplerRefused = ({ message, reason }: SamplerError, param: string): Refused => {
  if (reason._tag === "PromptTooLong") {
    const wanted = `wanted fewer than ${reason.contextLength} beside max_tokens`
    const told = `Cannot answer: found a prompt of ${reason.tokens} tokens, ${wanted}`
    return new Refused({ status: 400, message: told, param, code: "context_length_exceeded" })
  }
  if (reason._tag === "CacheTooSmall") return new Refused({ status: 400, message, param, code: "cache_too_small" })
  if (reason._tag !== "RequestInvalid") return broken(message)
  const { found, option, wanted } = reason
  const key = option === "ids" ? param : (keys[option] ?? option)
  return new Refused({ status: 400, message: `Cannot answer: "${key}": found ${found}, wanted ${wanted}`, param: key })
}

const isAsked = new Set(["ResponseInvalid", "QuestionInvalid"])

/**
 * Why a request failed, as its answer: what was asked wrongly, or what is wrong here.
 *
 * Domain   `param` is the key that holds what was asked about.
 */
export const toRefused =
  (param: "messages" | "prompt" | "rows") =>
  (cause: Cause.Cause<unknown>): Refused => {
    const error = Cause.squash(cause)
    if (error instanceof Refused) return error
    if (error instanceof SamplerError) return samplerRefused(error, param)
    if (error instanceof ScorerError || error instanceof JudgeError) {
      if (isAsked.has(error.reason._tag)) return new Refused({ status: 400, message: error.message, param })
      // the reward behind a Bradley-Terry preference tells what is wrong with a row
      if (error.reason._tag === "RewardFailed" && error.reason.cause instanceof ScorerError)
        return toRefused(param)(Cause.fail(error.reason.cause))
      return broken(error.message)
    }
    return broken(`A fault of prefloop itself: ${error instanceof Error ? error.message : String(error)}`)
  }
