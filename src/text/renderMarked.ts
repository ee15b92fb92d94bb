import { Template } from "@huggingface/jinja"
import { Result } from "effect"
import type { Message } from "../../schemas/mod.ts"
import { TextError } from "./errors.ts"
import { renderChat, renderTemplate } from "./renderChat.ts"
import type { Tokenizer } from "./Tokenizer.ts"

/** A part of a text, by its first character and the one after its last. */
export interface Span {
  readonly begin: number
  readonly end: number
}

/** Noncharacters of Unicode: no text is meant to hold them. */
const marks = { learned_begin: "\uFDD0", learned_end: "\uFDD1" }

const tag = /\{%(-?)\s*(end)?generation\s*(-?)%\}/g

const parsed = new WeakMap<Tokenizer, Template>()

const print = (_: string, left: string, end: string | undefined, right: string): string =>
  `{%${left} if true %}{{ ${end ? "learned_end" : "learned_begin"} }}{% endif ${right}%}`

/** The template with each tag as a block that prints a mark: white space around a block is trimmed as around the tag. */
const markedTemplate = (tokenizer: Tokenizer, source: string): Template => {
  const template = parsed.get(tokenizer) ?? new Template(source.replaceAll(tag, print))
  parsed.set(tokenizer, template)
  return template
}

const spansOf = (marked: string): ReadonlyArray<Span> => {
  const spans: Array<Span> = []
  let [at, begin] = [0, 0]
  for (const letter of marked) {
    if (letter === marks.learned_begin) begin = at
    else if (letter === marks.learned_end) spans.push({ begin, end: at })
    else at += letter.length
  }
  return spans.filter(({ begin: from, end }) => end > from)
}

/**
 * The parts of a rendered conversation that its template marks as said by the assistant; none where it marks nothing.
 *
 * Source   The tags {% generation %} and {% endgeneration %} that transformers reads.
 * Units    spans in UTF-16 code units of `text`.
 * Fails    TextError: TemplateMissing, TemplateFailed.
 */
export const renderMarked = (
  tokenizer: Tokenizer,
  messages: ReadonlyArray<Message>
): Result.Result<{ readonly text: string; readonly spans: ReadonlyArray<Span> | undefined }, TextError> =>
  Result.gen(function* () {
    const text = yield* renderChat(tokenizer, messages, { addGenerationPrompt: false })
    const source = tokenizer.chatTemplate ?? ""
    if (source.search(tag) < 0) return { text, spans: undefined }
    const marked = yield* renderTemplate(() => markedTemplate(tokenizer, source), {
      tokenizer,
      messages,
      variables: { ...marks, add_generation_prompt: false }
    })
    const plain = marked.replaceAll(/[\uFDD0\uFDD1]/g, "")
    return { text, spans: plain === text ? spansOf(marked) : undefined } // a message holds a mark: say nothing
  })
