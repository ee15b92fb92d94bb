import { Result } from "effect"
import type { Message } from "../../schemas/mod.ts"
import { PromptTooLong, TextError } from "./errors.ts"
import { renderChat } from "./renderChat.ts"
import type { Tokenizer } from "./Tokenizer.ts"

/** Ids of a rendered prompt. The template prints the first token where the model wants one; two are never kept. */
export const encodeRendered = (tokenizer: Tokenizer, text: string): Int32Array => {
  const ids = tokenizer.encode(text)
  return tokenizer.bosId !== undefined && ids[0] === tokenizer.bosId && ids[1] === tokenizer.bosId
    ? ids.subarray(1)
    : ids
}

/**
 * A conversation as token ids, up to where the response begins.
 *
 * Fails    TextError: TemplateMissing, TemplateFailed, PromptTooLong when no token would be left for a response.
 */
export const encodePrompt = (
  tokenizer: Tokenizer,
  messages: ReadonlyArray<Message>,
  options: { readonly contextLength: number }
): Result.Result<Int32Array, TextError> =>
  Result.flatMap(renderChat(tokenizer, messages, { addGenerationPrompt: true }), (text) => {
    const ids = encodeRendered(tokenizer, text)
    return ids.length < options.contextLength
      ? Result.succeed(ids)
      : Result.fail(new TextError({ reason: new PromptTooLong({ found: ids.length, wanted: options.contextLength }) }))
  })
