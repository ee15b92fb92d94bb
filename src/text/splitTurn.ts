import { Result } from "effect"
import type { Message } from "../../schemas/mod.ts"
import { PromptNotPrefix, TextError } from "./errors.ts"
import { renderChat } from "./renderChat.ts"
import type { Tokenizer } from "./Tokenizer.ts"

/** A rendered turn: the prompt's text, the response's text, and the special token that the template ends the turn with. */
export interface Turn {
  readonly prompt: string
  readonly response: string
  readonly endId: number | undefined
}

const excerpt = (text: string, from: number): string => text.slice(Math.max(0, from - 10), from + 30)

const notPrefix = (prompt: string, whole: string): TextError => {
  const shared = [...prompt].findIndex((letter, i) => letter !== whole[i])
  return new TextError({
    reason: new PromptNotPrefix({ prompt: excerpt(prompt, shared), found: excerpt(whole, shared) })
  })
}

/**
 * A conversation and its response as rendered text, cut where the response begins and where it ends.
 *
 * Fails    TextError: TemplateMissing, TemplateFailed, PromptNotPrefix.
 */
export const splitTurn = (
  tokenizer: Tokenizer,
  messages: ReadonlyArray<Message>,
  response: string
): Result.Result<Turn, TextError> =>
  Result.gen(function* () {
    const prompt = yield* renderChat(tokenizer, messages, { addGenerationPrompt: true })
    const answered = [...messages, { role: "assistant", content: response } as const]
    const whole = yield* renderChat(tokenizer, answered, { addGenerationPrompt: false })
    if (!whole.startsWith(prompt)) return yield* Result.fail(notPrefix(prompt, whole))
    const rest = whole.slice(prompt.length)
    // Some templates trim what they print.
    const printed = [response, response.trim()].find((text) => rest.startsWith(text)) ?? ""
    const [first] = tokenizer.encode(rest.slice(printed.length))
    return { prompt, response: printed, endId: first !== undefined && tokenizer.isSpecial(first) ? first : undefined }
  })
