import { Result } from "effect"
import type { Message } from "../../schemas/mod.ts"
import {
  type ConversationOptions,
  encodeConversation,
  learnedMask,
  type TextError,
  type Tokenizer
} from "../../src/text/mod.ts"

/** What a user says. */
export const user = (content: string): Message => ({ role: "user", content })
/** What the assistant says. */
export const assistant = (content: string): Message => ({ role: "assistant", content })

/** Two turns: the assistant's earlier words are learned too. */
export const conversation = [user("name crab"), assistant("crab anchor"), user("list oak")]

/** A conversation as ids, where that is possible. */
export const encode = (
  tokenizer: Tokenizer,
  messages: ReadonlyArray<Message>,
  response: string,
  options?: ConversationOptions
) => Result.getOrThrow(encodeConversation(tokenizer, messages, response, options))

/** Why something cannot be encoded. */
export const refused = <A>(result: Result.Result<A, TextError>): TextError["reason"] =>
  Result.getOrThrow(Result.flip(result)).reason

/** The tokens that are learned, as text. */
export const learnedOf = (tokenizer: Tokenizer, found: ReturnType<typeof encode>): ReadonlyArray<string> => {
  const mask = learnedMask(found)
  return Array.from(found.ids).flatMap((id, i) => (mask[i] === 1 ? [tokenizer.tokenOf(id)] : []))
}
