import { Result } from "effect"
import type { Response } from "../../../schemas/mod.ts"
import type { Choice, Completion } from "./Completion.ts"
import { shareOut } from "./shareOut.ts"

/** A response, and which of those that were asked for together it is. */
export type Answered = Omit<Response, "temperature" | "sample"> & { readonly index: number }

/** What an answer has instead of what it should. */
export interface Mismatch {
  readonly found: string
  readonly wanted: string
}

const textOf = ({ message, text }: Choice) => text ?? message?.content ?? ""

const logProbabilitiesOf = ({ logprobs }: Choice): ReadonlyArray<number> | undefined => {
  const found = logprobs?.content?.map(({ logprob }) => logprob) ?? logprobs?.token_logprobs
  return found?.flatMap((each) => (each === null ? [] : [each]))
}

const finishes = { stop: "stop", length: "length" } as const

const finishOf = ({ finish_reason }: Choice) =>
  finishes[finish_reason as keyof typeof finishes] as "stop" | "length" | undefined // as: a server may say anything

/** Whether the usage of several choices is that of one: llama.cpp tells the tokens of the first. */
const tellsOne = ({ choices, timings, usage }: Completion): boolean =>
  choices.length > 1 && timings?.predicted_n !== undefined && timings.predicted_n === usage?.completion_tokens

/** Ids of the drawn tokens, as vLLM tells them or, beside log-probabilities, llama.cpp. */
const idsOf = ({ logprobs, token_ids }: Choice): ReadonlyArray<number> | undefined => {
  if (token_ids) return token_ids
  const found = logprobs?.content?.flatMap(({ id }) => (id === undefined || id === null ? [] : [id])) ?? []
  return found.length > 0 && found.length === logprobs?.content?.length ? found : undefined
}

const weightOf = (choice: Choice) => Math.max(1, textOf(choice).length)

/**
 * A sum of tokens shared out: a response that the budget ended has all of it, the others what is left by the length of their
 * texts.
 */
const shared = (sum: number, choices: ReadonlyArray<Choice>, most: number): ReadonlyArray<number> => {
  const full = choices.map((choice) => finishOf(choice) === "length")
  const rest = sum - most * full.filter(Boolean).length
  // a context that ended before the budget did leaves nothing that adds up
  if (rest < full.filter((each) => !each).length || (rest > 0 && full.every(Boolean)))
    return shareOut(sum, choices.map(weightOf))
  const parts = shareOut(
    rest,
    choices.map((choice, i) => (full[i] ? 0 : weightOf(choice)))
  )
  return parts.map((part, i) => (full[i] ? most : part))
}

/** Tokens of each choice, as far as they are told. */
const tokensOf = (completion: Completion, most: number): ReadonlyArray<number> | undefined => {
  const { choices, usage } = completion
  const sum = usage?.completion_tokens ?? undefined
  const each = choices.map((choice) => choice.token_ids?.length ?? logProbabilitiesOf(choice)?.length)
  // of one choice the sum is exact; what llama.cpp tells beside it lacks the tokens of a stop string
  if (choices.length === 1 && !choices[0]?.token_ids && sum !== undefined) return [sum]
  if (tellsOne(completion) && !each.includes(sum)) return undefined
  const told = each.filter((count) => count !== undefined)
  if (told.length === choices.length) return told
  return sum === undefined ? undefined : shared(sum, choices, most)
}

/** What of an answer is wanted. */
export interface Wanted {
  readonly n: number
  /** Longest response (tokens). */
  readonly maxNewTokens: number
  readonly logProbabilities: boolean
  readonly ids: boolean
  readonly reasoning: "refuse" | "drop"
}

const thinksApart = ({ message }: Choice): boolean => Boolean(message?.reasoning_content) || Boolean(message?.reasoning)

const mismatchOf = ({ choices }: Completion, { n, reasoning }: Wanted): Mismatch | undefined => {
  if (choices.length === 0 || choices.length > n) {
    return { found: `${choices.length} choices`, wanted: n === 1 ? "1" : `from 1 to ${n}` }
  }
  const indices = choices.map(({ index }, place) => index ?? place)
  if (new Set(indices).size < choices.length || indices.some((index) => index >= n)) {
    return { found: `choices with the indices ${indices.join(", ")}`, wanted: `different ones below ${n}` }
  }
  const empty = choices.find(({ message, text }) => message === undefined && text === undefined)
  if (empty) return { found: "a choice without a message or a text", wanted: "one of them" }
  if (reasoning === "refuse" && choices.some(thinksApart)) {
    const wanted = 'all of it in the text (turn off the server\'s reasoning parser, or set reasoning: "drop")'
    return { found: "a part of a response apart from its text, as reasoning", wanted }
  }
  const odd = choices.find((choice) => finishOf(choice) === undefined)
  return odd && { found: `finish_reason ${JSON.stringify(odd.finish_reason ?? null)}`, wanted: '"stop" or "length"' }
}

/** One value for each drawn token, or nothing: no row is longer or shorter than its response. */
const ofEach = <A>(values: ReadonlyArray<A> | undefined, tokens: number): ReadonlyArray<A> | undefined =>
  values?.length === tokens ? values : undefined

/**
 * The responses in an answer to a request for `n` of them: at least one, at most n, each with a place of its own; the first
 * one alone where the server tells the tokens of that alone.
 *
 * Units    tokens are exact where the server gives ids or log-probabilities, one response, or where the budget ended it; else only
 *          their sum is.
 * Domain   ids and log-probabilities are there where there is one for each token.
 */
export const readChoices = (
  completion: Completion,
  wanted: Wanted
): Result.Result<ReadonlyArray<Answered>, Mismatch> => {
  const mismatch = mismatchOf(completion, wanted)
  if (mismatch) return Result.fail(mismatch)
  const several = tokensOf(completion, wanted.maxNewTokens)
  if (several === undefined && tellsOne(completion)) {
    const first = completion.choices.filter(({ index }, place) => (index ?? place) === 0)
    return readChoices({ ...completion, choices: first }, wanted)
  }
  if (several === undefined) return Result.fail({ found: "no usage", wanted: "usage.completion_tokens" })
  return Result.succeed(
    completion.choices.map((choice, place) => {
      const tokens = several[place] ?? 0
      const ids = ofEach(choice.token_ids ?? (wanted.ids ? idsOf(choice) : undefined), tokens)
      const logProbabilities = ofEach(wanted.logProbabilities ? logProbabilitiesOf(choice) : undefined, tokens)
      return {
        index: choice.index ?? place,
        text: textOf(choice),
        finish: finishOf(choice) ?? "stop",
        tokens,
        ...(ids ? { ids } : {}),
        ...(logProbabilities ? { logProbabilities } : {})
      }
    })
  )
}
