import { Result } from "effect"
import type { Message } from "../../schemas/mod.ts"
import { encodeRendered } from "./encodePrompt.ts"
import { EndTokenMissing, PromptNotPrefix, ResponseEmpty, SequenceTooLong, TextError } from "./errors.ts"
import { renderChat } from "./renderChat.ts"
import type { Tokenizer } from "./Tokenizer.ts"

/** A prompt and its response as ids: the first `promptLength` are the prompt, the last one ends the response. */
export interface EncodedPair {
  readonly ids: Int32Array
  readonly promptLength: number
}

const fail = (reason: TextError["reason"]) => Result.fail(new TextError({ reason }))

/** Response ids up to and with the end token; what a template prints behind it, a line break as a rule, is not learned. */
const endOnce = (tokenizer: Tokenizer, ids: Int32Array): Result.Result<Int32Array, TextError> => {
  const [ownEnd] = tokenizer.eosIds
  if (ownEnd === undefined) return fail(new EndTokenMissing())
  const end = ids.findLastIndex((id) => tokenizer.eosIds.includes(id))
  return Result.succeed(end < 0 ? Int32Array.of(...ids, ownEnd) : ids.subarray(0, end + 1))
}

/**
 * A prompt and its response as token ids.
 *
 * The prompt's ids are those of the prompt alone, so a model is trained on what it will be asked; the rest of the rendered
 * conversation gives the response's ids. A special token's name typed inside a message is read as that token.
 *
 * Units    maxTokens in tokens of prompt and response together.
 * Fails    TextError: TemplateMissing, TemplateFailed, EndTokenMissing, PromptNotPrefix, ResponseEmpty, SequenceTooLong.
 */
export const encodePair = (
  tokenizer: Tokenizer,
  messages: ReadonlyArray<Message>,
  response: string,
  options: { readonly maxTokens: number; readonly emptyResponse?: "error" | "allow" }
): Result.Result<EncodedPair, TextError> =>
  Result.gen(function* () {
    if (response.trim() === "" && options.emptyResponse !== "allow") return yield* fail(new ResponseEmpty())
    const prompt = yield* renderChat(tokenizer, messages, { addGenerationPrompt: true })
    const answered = [...messages, { role: "assistant", content: response } as const]
    const whole = yield* renderChat(tokenizer, answered, { addGenerationPrompt: false })
    if (!whole.startsWith(prompt)) {
      const shared = [...prompt].findIndex((letter, i) => letter !== whole[i])
      const excerpt = (text: string) => text.slice(Math.max(0, shared - 10), shared + 30)
      return yield* fail(new PromptNotPrefix({ prompt: excerpt(prompt), found: excerpt(whole) }))
    }
    const promptIds = encodeRendered(tokenizer, prompt)
    const responseIds = yield* endOnce(tokenizer, tokenizer.encode(whole.slice(prompt.length)))
    const found = promptIds.length + responseIds.length
    if (found > options.maxTokens) return yield* fail(new SequenceTooLong({ found, wanted: options.maxTokens }))
    const ids = new Int32Array(found)
    ids.set(promptIds)
    ids.set(responseIds, promptIds.length)
    return { ids, promptLength: promptIds.length }
  })
