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

/** Tokens of each choice; where a server tells only their sum, it is shared out by the length of the texts. */
const tokensOf = ({ choices, usage }: Completion): ReadonlyArray<number> | undefined => {
  const each = choices.map((choice) => choice.token_ids?.length ?? logProbabilitiesOf(choice)?.length)
  const told = each.filter((count) => count !== undefined)
  if (told.length === choices.length) return told
  const sum = usage?.completion_tokens ?? undefined
  return sum === undefined
    ? undefined
    : shareOut(
        sum,
        choices.map((choice) => textOf(choice).length)
      )
}

const mismatchOf = ({ choices }: Completion, n: number): Mismatch | undefined => {
  if (choices.length === 0 || choices.length > n) {
    return { found: `${choices.length} choices`, wanted: n === 1 ? "1" : `from 1 to ${n}` }
  }
  const indices = choices.map(({ index }, place) => index ?? place)
  if (new Set(indices).size < choices.length || indices.some((index) => index >= n)) {
    return { found: `choices with the indices ${indices.join(", ")}`, wanted: `different ones below ${n}` }
  }
  const empty = choices.find(({ message, text }) => message === undefined && text === undefined)
  if (empty) return { found: "a choice without a message or a text", wanted: "one of them" }
  const odd = choices.find((choice) => finishOf(choice) === undefined)
  return odd && { found: `finish_reason ${JSON.stringify(odd.finish_reason ?? null)}`, wanted: '"stop" or "length"' }
}

/**
 * The responses in an answer to a request for `n` of them: at least one, at most n, each with a place of its own.
 *
 * Units    tokens are exact where the server gives ids or log-probabilities, or one response; else only their sum is.
 */
export const readChoices = (
  completion: Completion,
  asked: { readonly n: number; readonly logProbabilities: boolean }
): Result.Result<ReadonlyArray<Answered>, Mismatch> => {
  const mismatch = mismatchOf(completion, asked.n)
  if (mismatch) return Result.fail(mismatch)
  const tokens = tokensOf(completion)
  if (tokens === undefined) return Result.fail({ found: "no usage", wanted: "usage.completion_tokens" })
  return Result.succeed(
    completion.choices.map((choice, place) => {
      const logProbabilities = asked.logProbabilities ? logProbabilitiesOf(choice) : undefined
      return {
        index: choice.index ?? place,
        text: textOf(choice),
        finish: finishOf(choice) ?? "stop",
        tokens: tokens[place] ?? 0,
        ...(choice.token_ids ? { ids: choice.token_ids } : {}),
        ...(logProbabilities ? { logProbabilities } : {})
      }
    })
  )
}
