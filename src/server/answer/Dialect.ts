import type { Finish } from "../../sampler/mod.ts"
import type { Tokenizer } from "../../text/mod.ts"
import type { ChatAnswer, ChatPiece, TextAnswer } from "../protocol/answers.ts"
import { chatTold, textTold, type Tokens } from "./told.ts"

/** A response, or a piece of one, as a choice is made of it. */
export interface Part {
  readonly index: number
  readonly text: string
  readonly finish: Finish | null
  /** Where its first token begins in the response (code units). */
  readonly offset: number
  readonly tokens: Tokens
}

/** What an answer tells of the tokens, and what they are written with. */
export interface Telling {
  readonly tokenizer: Tokenizer
  readonly logProbabilities: boolean
  readonly ids: boolean
}

/** How a kind of answer is written. */
export interface Dialect {
  readonly id: string
  readonly whole: { readonly object: string; readonly choice: (telling: Telling, part: Part) => unknown }
  readonly piece: { readonly object: string; readonly choice: (telling: Telling, part: Part) => unknown }
  /** The choice of an event before the first piece of a response, if there is one. */
  readonly opening: ((index: number) => unknown) | undefined
}

type ChoiceOf<S extends { readonly Type: { readonly choices: ReadonlyArray<unknown> } }> = S["Type"]["choices"][number]

const idsTold = ({ ids }: Telling, { tokens }: Part) => (ids ? { token_ids: tokens.ids } : {})

const chatCommon = (telling: Telling, part: Part) => ({
  index: part.index,
  finish_reason: part.finish,
  logprobs: telling.logProbabilities ? chatTold(telling.tokenizer, part.tokens) : null,
  ...idsTold(telling, part)
})

const chatWhole = (telling: Telling, part: Part): ChoiceOf<typeof ChatAnswer> => ({
  ...chatCommon(telling, part),
  message: { role: "assistant", content: part.text, refusal: null }
})

const chatPiece = (telling: Telling, part: Part): ChoiceOf<typeof ChatPiece> => ({
  ...chatCommon(telling, part),
  delta: part.text === "" ? {} : { content: part.text }
})

const chatOpening = (index: number): ChoiceOf<typeof ChatPiece> => ({
  index,
  finish_reason: null,
  logprobs: null,
  delta: { role: "assistant", content: "" }
})

const textChoice = (telling: Telling, part: Part): ChoiceOf<typeof TextAnswer> => ({
  index: part.index,
  text: part.text,
  finish_reason: part.finish,
  logprobs: telling.logProbabilities ? textTold(telling.tokenizer, part.tokens, part.offset) : null,
  ...idsTold(telling, part)
})

/** The two kinds of answers. */
export const dialects = {
  chat: {
    id: "chatcmpl",
    whole: { object: "chat.completion", choice: chatWhole },
    piece: { object: "chat.completion.chunk", choice: chatPiece },
    opening: chatOpening
  },
  text: {
    id: "cmpl",
    whole: { object: "text_completion", choice: textChoice },
    piece: { object: "text_completion", choice: textChoice },
    opening: undefined
  }
} as const satisfies Record<string, Dialect>
