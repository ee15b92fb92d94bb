import { Result } from "effect"
import type { EncodedConversation } from "./encodeConversation.ts"
import { encodeQuestion, letterIds } from "./encodeQuestion.ts"
import type { TextError } from "./errors.ts"
import { joinIds } from "./joinIds.ts"
import type { PreferenceExample } from "./preferencePrompt.ts"
import type { Tokenizer } from "./Tokenizer.ts"

const known = new WeakMap<Tokenizer, ReturnType<typeof letterIds>>()

/** The letters' ids, looked up once for all questions to a tokenizer. */
const lettersOf = (tokenizer: Tokenizer): ReturnType<typeof letterIds> => {
  const letters = known.get(tokenizer) ?? letterIds(tokenizer)
  known.set(tokenizer, letters)
  return letters
}

/**
 * A question about two responses and its answer as token ids: the letter is the last id, and the only one learned; no end
 * token follows it.
 *
 * Source   Section 2.1.
 * Fails    TextError: TemplateMissing, TemplateFailed, LetterNotSingle.
 */
export const encodePreference = (
  tokenizer: Tokenizer,
  { letter, messages }: PreferenceExample
): Result.Result<EncodedConversation, TextError> =>
  Result.gen(function* () {
    const letters = yield* lettersOf(tokenizer)
    const { ids, startRemoved } = yield* encodeQuestion(tokenizer, messages)
    const promptLength = ids.length
    return {
      ids: joinIds(ids, [letters[letter]]),
      promptLength,
      responseStart: promptLength,
      startRemoved,
      apart: 0
    }
  })
