import type { Metadata } from "../Metadata.ts"

/** The kinds of token that llama.cpp tells apart, by the numbers of the file. */
export const tokenTypes = { normal: 1, unknown: 2, control: 3, userDefined: 4, unused: 5, byte: 6 } as const

export type TokenType = keyof typeof tokenTypes

/** A tokenizer as a GGUF file says it. */
export interface Vocabulary {
  /** The algorithm, by llama.cpp's name. */
  readonly model: "gpt2" | "llama" | "bert"
  /** How a text is split before, by llama.cpp's name. */
  readonly pre: string
  /** The spelling of a token as the file has it. */
  readonly spell: (token: string) => string
  /** Whether a token stands for one byte. */
  readonly isByte: (token: string) => boolean
  readonly merges?: ReadonlyArray<string>
  /** Which of two tokens is joined first: the one with the greater score. */
  readonly scoreOf?: (token: string) => number
  /** Whether a text begins with a space that it does not have. */
  readonly addSpacePrefix: boolean
  /** Keys that only this algorithm reads. */
  readonly own?: Metadata
}
