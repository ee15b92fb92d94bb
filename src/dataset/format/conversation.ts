import { Result } from "effect"
import type { Problem, Message } from "../../../schemas/mod.ts"

/** A conversation that ends with a response, cut before it. */
export interface Answered {
  readonly messages: ReadonlyArray<Message>
  readonly response: string
}

/** Cuts a conversation before its last turn, which must be the assistant's. */
export const cutResponse = (field: string, all: ReadonlyArray<Message>): Result.Result<Answered, Problem> => {
  const last = all.at(-1)
  if (all.length < 2 || last === undefined) {
    return Result.fail({ field, found: `${all.length} messages`, wanted: "a prompt and a response" })
  }
  if (last.role !== "assistant") {
    return Result.fail({ field: `${field}[${all.length - 1}].role`, found: `"${last.role}"`, wanted: '"assistant"' })
  }
  return Result.succeed({ messages: all.slice(0, -1), response: last.content })
}

/** The messages that wait for a response: all but the assistant's turns at the end. */
export const cutPrompt = (
  field: string,
  all: ReadonlyArray<Message>
): Result.Result<ReadonlyArray<Message>, Problem> => {
  const end = all.findLastIndex(({ role }) => role !== "assistant")
  return end < 0
    ? Result.fail({ field, found: `${all.length} messages of the assistant alone`, wanted: "a prompt" })
    : Result.succeed(all.slice(0, end + 1))
}

const isSame = (a: Message, b: Message | undefined) => a.role === b?.role && a.content === b.content

/** Cuts two conversations before their last turns; what lies before must be the same in both. */
export const cutPair = (chosen: ReadonlyArray<Message>, rejected: ReadonlyArray<Message>) =>
  Result.gen(function* () {
    const better = yield* cutResponse("chosen", chosen)
    const worse = yield* cutResponse("rejected", rejected)
    const length = better.messages.length
    if (length !== worse.messages.length) {
      return yield* Result.fail<Problem>({
        field: "rejected",
        found: `${rejected.length} messages`,
        wanted: `${chosen.length}, as in "chosen"`
      })
    }
    const differs = better.messages.findIndex((message, i) => !isSame(message, worse.messages[i]))
    if (differs >= 0) {
      return yield* Result.fail<Problem>({
        field: `rejected[${differs}]`,
        found: "another message",
        wanted: 'the same prompt as in "chosen"'
      })
    }
    return { messages: better.messages, chosen: better.response, rejected: worse.response }
  })

/**
 * The length of the prompt that two texts share: to where they first differ, and one less where a space ends it. Half of a character
 * is not shared.
 *
 * Source   TRL, implicit prompts: a response begins with the space before its first word.
 * Units    UTF-16 code units.
 */
export const sharedLength = (chosen: string, rejected: string): number => {
  const shorter = Math.min(chosen.length, rejected.length)
  let length = 0
  while (length < shorter && chosen[length] === rejected[length]) length++
  const last = length > 0 ? chosen.charCodeAt(length - 1) : 0
  const isHalf = last >= 0xd800 && last < 0xdc00 // the first half of a surrogate pair
  return isHalf || last === 0x20 ? length - 1 : length
}
