import { Result } from "effect"
import type { Message } from "../../schemas/mod.ts"
import { encodeConversation } from "./encodeConversation.ts"
import { SequenceTooLong, TextError } from "./errors.ts"
import type { Tokenizer } from "./Tokenizer.ts"

/** A prompt and its response as ids: the first `promptLength` are the prompt, the last one ends the response. */
export interface EncodedPair {
  readonly ids: Int32Array
  readonly promptLength: number
}

/**
 * A prompt and its response as token ids; of the conversation, the response alone is learned.
 *
 * Units    maxTokens in tokens of prompt and response together.
 * Fails    TextError: those of `encodeConversation`, SequenceTooLong.
 */
export const encodePair = (
  tokenizer: Tokenizer,
  messages: ReadonlyArray<Message>,
  response: string,
  options: { readonly maxTokens: number; readonly emptyResponse?: "error" | "allow" }
): Result.Result<EncodedPair, TextError> =>
  Result.flatMap(
    encodeConversation(tokenizer, messages, response, { emptyResponse: options.emptyResponse }),
    ({ ids, responseStart }) =>
      ids.length > options.maxTokens
        ? Result.fail(new TextError({ reason: new SequenceTooLong({ found: ids.length, wanted: options.maxTokens }) }))
        : Result.succeed({ ids, promptLength: responseStart })
  )
