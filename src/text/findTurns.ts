import { Result } from "effect"
import type { LearnedTurns, Message } from "../../schemas/mod.ts"
import { NothingMarked, PromptNotPrefix, TextError } from "./errors.ts"
import { renderChat } from "./renderChat.ts"
import { renderMarked } from "./renderMarked.ts"
import type { Tokenizer } from "./Tokenizer.ts"

/** Something that the assistant said in a rendered conversation. Units: UTF-16 code units of the text. */
export interface Turn {
  readonly begin: number
  /** Where the template's own mark ends; without marks the end is found among the ids. */
  readonly end: number | undefined
  /** The text of the conversation up to this turn, rendered as if nothing followed. */
  readonly alone: string
  /** Which message it is, counted from 1. */
  readonly turn: number
}

/** A rendered conversation and what the assistant said in it, the response last. */
export interface Turns {
  readonly text: string
  readonly turns: ReadonlyArray<Turn>
  /** Where the response begins. Units: UTF-16 code units of the text. */
  readonly responseAt: number
}

const excerpt = (text: string, from: number): string => text.slice(Math.max(0, from - 10), from + 30)

/** The refusal of a text that is not the beginning of another, with the place where they part. */
export const notPrefix = (turn: number, prompt: string, whole: string): TextError => {
  let shared = 0
  while (shared < prompt.length && prompt[shared] === whole[shared]) shared += 1
  return new TextError({
    reason: new PromptNotPrefix({ turn, prompt: excerpt(prompt, shared), found: excerpt(whole, shared) })
  })
}

const byPrefix = (tokenizer: Tokenizer, messages: ReadonlyArray<Message>, text: string, which: LearnedTurns) =>
  Result.all(
    messages.flatMap(({ role }, i) => {
      if (role !== "assistant" || (which === "last" && i < messages.length - 1)) return []
      const alone = i === messages.length - 1 ? Result.succeed(text) : render(tokenizer, messages.slice(0, i + 1))
      const prompt = renderChat(tokenizer, messages.slice(0, i), { addGenerationPrompt: true })
      const turn = Result.flatMap(prompt, (before) =>
        text.startsWith(before)
          ? Result.map(alone, (said): Turn => ({ begin: before.length, end: undefined, alone: said, turn: i + 1 }))
          : Result.fail(notPrefix(i + 1, before, text))
      )
      return [turn]
    })
  )

const render = (tokenizer: Tokenizer, messages: ReadonlyArray<Message>) =>
  renderChat(tokenizer, messages, { addGenerationPrompt: false })

/**
 * A conversation as rendered text, and where the assistant speaks in it: by the marks of the template, or where it has
 * none, by what the template prints before a message (the prompt that a model is asked with).
 *
 * Fails    TextError: TemplateMissing, TemplateFailed, PromptNotPrefix, NothingMarked.
 */
export const findTurns = (
  tokenizer: Tokenizer,
  messages: ReadonlyArray<Message>,
  which: LearnedTurns
): Result.Result<Turns, TextError> =>
  Result.gen(function* () {
    const { spans, text } = yield* renderMarked(tokenizer, messages)
    if (spans === undefined) {
      const turns = yield* byPrefix(tokenizer, messages, text, which)
      return { text, turns, responseAt: turns.at(-1)?.begin ?? 0 }
    }
    const earlier = yield* renderMarked(tokenizer, messages.slice(0, -1))
    const last = spans.slice(earlier.spans?.length ?? 0)
    if (last[0] === undefined) return yield* Result.fail(new TextError({ reason: new NothingMarked() }))
    const chosen = which === "all" ? spans : last
    const turns = chosen.map(({ begin, end }): Turn => ({ begin, end, alone: text, turn: messages.length }))
    return { text, turns, responseAt: last[0].begin }
  })
