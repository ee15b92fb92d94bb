import { type CachePlan, longestRow } from "./decoder/planCache.ts"
import { tokensNeeded } from "./decoder/Row.ts"
import { CacheTooSmall, PromptTooLong, RequestInvalid, type SamplerError } from "./errors.ts"
import type { Choosing } from "./Policy.ts"
import type { RolloutRequest } from "./Rollout.ts"

type Checked = Choosing & { readonly temperature: number; readonly maxNewTokens: number }

interface Rule {
  readonly option: string
  readonly found: unknown
  readonly holds: boolean
  readonly wanted: string
}

const rule = (option: string, found: unknown, holds: boolean, wanted: string): Rule => ({
  option,
  found,
  holds,
  wanted
})

const rulesOf = (asked: Checked): ReadonlyArray<Rule> => {
  const { maxNewTokens, minP = 0, repetitionPenalty = 1, stop = [], temperature, topK = 1, topP = 1 } = asked
  const finite = Number.isFinite
  return [
    rule("temperature", temperature, finite(temperature) && temperature >= 0, "a number ≥ 0"),
    rule("maxNewTokens", maxNewTokens, Number.isInteger(maxNewTokens) && maxNewTokens >= 1, "a whole number ≥ 1"),
    rule("topK", topK, Number.isInteger(topK) && topK >= 1, "a whole number ≥ 1"),
    rule("topP", topP, topP > 0 && topP <= 1, "a number above 0 and at most 1"),
    rule("minP", minP, minP >= 0 && minP <= 1, "a number from 0 to 1"),
    rule("repetitionPenalty", repetitionPenalty, finite(repetitionPenalty) && repetitionPenalty > 0, "a number > 0"),
    rule(
      "stop",
      JSON.stringify(stop),
      stop.every((text) => text !== ""),
      "strings that are not empty"
    )
  ]
}

/** The first option that is outside its domain, if there is one. */
export const invalidOption = (asked: Checked): RequestInvalid | undefined => {
  const broken = rulesOf(asked).find(({ holds }) => !holds)
  return broken && new RequestInvalid({ option: broken.option, found: String(broken.found), wanted: broken.wanted })
}

const invalidIds = (
  option: string,
  ids: Int32Array | ReadonlyArray<number>,
  vocabulary: number
): RequestInvalid | undefined => {
  for (const id of ids) {
    if (Number.isInteger(id) && id >= 0 && id < vocabulary) continue
    return new RequestInvalid({ option, found: `token ${id}`, wanted: `tokens from 0 to ${vocabulary - 1}` })
  }
  return undefined
}

/** Why a request cannot be answered, if it cannot. */
export const requestProblem = (
  request: RolloutRequest,
  model: { readonly plan: CachePlan; readonly vocabulary: number }
): SamplerError["reason"] | undefined => {
  const { ids, maxNewTokens, name = "", stopIds = [] } = request
  const { bytesPerToken, contextLength, memory = Infinity } = model.plan
  const problem =
    invalidOption(request) ??
    invalidIds("ids", ids, model.vocabulary) ??
    invalidIds("stopIds", stopIds, model.vocabulary)
  if (problem) return problem
  if (ids.length === 0) return new RequestInvalid({ option: "ids", found: "no token", wanted: "at least one" })
  const room = contextLength - maxNewTokens + 1
  if (ids.length >= room)
    return new PromptTooLong({ promptId: name, tokens: ids.length, contextLength: Math.max(room, 0) })
  const tokens = tokensNeeded({ prompt: ids, maxNewTokens })
  if (tokens <= longestRow(model.plan)) return undefined
  return new CacheTooSmall({ promptId: name, tokens, found: memory, wanted: tokens * bytesPerToken })
}
