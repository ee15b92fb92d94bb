import { Result } from "effect"
import type { Message } from "../../schemas/mod.ts"
import { PromptTooLong, TextError } from "./errors.ts"
import { renderChat } from "./renderChat.ts"
import type { Tokenizer } from "./Tokenizer.ts"

/** Ids of a rendered text. The template prints the start token where the model wants one; of two, one is removed. */
export const readRendered = (
  tokenizer: Tokenizer,
  text: string
): { readonly ids: Int32Array; readonly startRemoved: boolean } => {
  const ids = tokenizer.encode(text)
  const { bosId } = tokenizer
  const startRemoved = bosId !== undefined && ids[0] === bosId && ids[1] === bosId
  return { ids: startRemoved ? ids.subarray(1) : ids, startRemoved }
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
    const { ids } = readRendered(tokenizer, text)
    return ids.length < options.contextLength
      ? Result.succeed(ids)
      : Result.fail(new TextError({ reason: new PromptTooLong({ found: ids.length, wanted: options.contextLength }) }))
  })
