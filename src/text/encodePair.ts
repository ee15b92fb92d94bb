import { Result } from "effect"
import type { Message } from "../../schemas/mod.ts"
import { encodeRendered } from "./encodePrompt.ts"
import { EndTokenMissing, ResponseEmpty, SequenceTooLong, TextError } from "./errors.ts"
import { splitTurn } from "./splitTurn.ts"
import type { Tokenizer } from "./Tokenizer.ts"

/** A prompt and its response as ids: the first `promptLength` are the prompt, the last one ends the response. */
export interface EncodedPair {
  readonly ids: Int32Array
  readonly promptLength: number
}

const fail = (reason: TextError["reason"]) => Result.fail(new TextError({ reason }))

/**
 * A prompt and its response as token ids.
 *
 * The prompt's ids are those of the prompt alone, so that a model is trained on what it will be asked. The response ends
 * with the special token that the template ends a turn with, or with the tokenizer's end token where it prints none; what
 * follows, a line break as a rule, is not learned. A special token's name typed inside a message is read as that token.
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
    const turn = yield* splitTurn(tokenizer, messages, response)
    const endId = turn.endId ?? tokenizer.eosIds[0]
    if (endId === undefined) return yield* fail(new EndTokenMissing())
    const prompt = encodeRendered(tokenizer, turn.prompt)
    const ids = Int32Array.of(...prompt, ...tokenizer.encode(turn.response), endId)
    return ids.length > options.maxTokens
      ? yield* fail(new SequenceTooLong({ found: ids.length, wanted: options.maxTokens }))
      : { ids, promptLength: prompt.length }
  })
