import { Result } from "effect"
import type { Message } from "../../schemas/mod.ts"
import type { EncodedConversation } from "./encodeConversation.ts"
import { encodeCut } from "./encodeCut.ts"
import { LetterNotSingle, TextError } from "./errors.ts"
import type { Letter, PreferenceExample } from "./preferencePrompt.ts"
import { renderChat } from "./renderChat.ts"
import type { Tokenizer } from "./Tokenizer.ts"

const probe: readonly [Message] = [{ role: "user", content: "Which?" }]

const letterAfter = (tokenizer: Tokenizer, letter: Letter): Result.Result<number, TextError> =>
  Result.flatMap(renderChat(tokenizer, probe, { addGenerationPrompt: true }), (prompt) => {
    const { ids, starts } = encodeCut(tokenizer, prompt + letter, [prompt.length])
    const [id, ...more] = ids.subarray(starts[0])
    const found = [...(id === undefined ? [] : [id]), ...more].map(tokenizer.tokenOf)
    return id === undefined || more.length > 0 || found[0] === tokenizer.specialTokens["unk_token"]
      ? Result.fail(new TextError({ reason: new LetterNotSingle({ letter, found }) }))
      : Result.succeed(id)
  })

/**
 * The token ids of the answers A and B after the chat template's prompt.
 *
 * Fails    TextError: TemplateMissing, TemplateFailed, LetterNotSingle.
 */
export const letterIds = (tokenizer: Tokenizer): Result.Result<Readonly<Record<Letter, number>>, TextError> =>
  Result.all({ A: letterAfter(tokenizer, "A"), B: letterAfter(tokenizer, "B") })

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
    const letters = yield* letterIds(tokenizer)
    const prompt = yield* renderChat(tokenizer, messages, { addGenerationPrompt: true })
    const { ids, startRemoved } = encodeCut(tokenizer, prompt, [])
    const promptLength = ids.length
    return {
      ids: Int32Array.of(...ids, letters[letter]),
      promptLength,
      responseStart: promptLength,
      startRemoved,
      apart: 0
    }
  })
