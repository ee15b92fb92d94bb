import { Result } from "effect"
import { encodeCut } from "./encodeCut.ts"
import { LetterNotSingle, TextError } from "./errors.ts"
import type { Letter, PreferenceExample } from "./preferencePrompt.ts"
import { renderChat } from "./renderChat.ts"
import type { Tokenizer } from "./Tokenizer.ts"

/** How a pairwise preference model is asked. */
export interface QuestionOptions {
  /**
   * "add" (the default) ends the question with the generation prompt, after which our training puts the letter. "omit" ends
   * it with the message and leaves the start token out, as the released models are asked.
   */
  readonly generationPrompt?: "add" | "omit" | undefined
}

/**
 * A question about two responses as the text that a model reads.
 *
 * Source   Section 2.1; "omit" is how the released pairwise models are asked: the template without its generation prompt,
 *          the start token's name removed.
 * Fails    TextError: TemplateMissing, TemplateFailed.
 */
export const renderQuestion = (
  tokenizer: Tokenizer,
  messages: PreferenceExample["messages"],
  { generationPrompt = "add" }: QuestionOptions = {}
): Result.Result<string, TextError> =>
  generationPrompt === "add"
    ? renderChat(tokenizer, messages, { addGenerationPrompt: true })
    : Result.map(renderChat(tokenizer, messages, { addGenerationPrompt: false }), (text) => {
        const start = tokenizer.specialTokens["bos_token"]
        return start ? text.replaceAll(start, "") : text
      })

/**
 * A question about two responses as token ids: the answer is the letter that comes next.
 *
 * Fails    TextError: TemplateMissing, TemplateFailed.
 */
export const encodeQuestion = (
  tokenizer: Tokenizer,
  messages: PreferenceExample["messages"],
  options: QuestionOptions = {}
): Result.Result<{ readonly ids: Int32Array; readonly startRemoved: boolean }, TextError> =>
  Result.map(renderQuestion(tokenizer, messages, options), (text) => encodeCut(tokenizer, text, []))

const probe: PreferenceExample["messages"] = [{ role: "user", content: "Which?" }]

const letterAfter = (
  tokenizer: Tokenizer,
  letter: Letter,
  { generationPrompt = "add" }: QuestionOptions
): Result.Result<number, TextError> => {
  const before = generationPrompt === "add" ? renderQuestion(tokenizer, probe) : Result.succeed("")
  return Result.flatMap(before, (prompt) => {
    const { ids, starts } = encodeCut(tokenizer, prompt + letter, [prompt.length])
    const [id, ...more] = ids.subarray(starts[0])
    const found = [...(id === undefined ? [] : [id]), ...more].map(tokenizer.tokenOf)
    return id === undefined || more.length > 0 || found[0] === tokenizer.specialTokens["unk_token"]
      ? Result.fail(new TextError({ reason: new LetterNotSingle({ letter, found }) }))
      : Result.succeed(id)
  })
}

/**
 * The token ids of the answers A and B: after the chat template's prompt, or as words of their own where it is left out.
 *
 * Fails    TextError: TemplateMissing, TemplateFailed, LetterNotSingle.
 */
export const letterIds = (
  tokenizer: Tokenizer,
  options: QuestionOptions = {}
): Result.Result<Readonly<Record<Letter, number>>, TextError> =>
  Result.all({ A: letterAfter(tokenizer, "A", options), B: letterAfter(tokenizer, "B", options) })
