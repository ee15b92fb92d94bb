/** Text to token ids and back, with the special tokens and the chat template of one model. */
export interface Tokenizer {
  /** Ids of `text`; special tokens are added nowhere, and read where the text holds their names. */
  readonly encode: (text: string) => Int32Array
  readonly decode: (ids: ArrayLike<number>, options: { readonly skipSpecialTokens: boolean }) => string
  /** A token as the vocabulary spells it. */
  readonly tokenOf: (id: number) => string
  readonly vocabularySize: number
  readonly bosId: number | undefined
  readonly padId: number | undefined
  /** Every id that ends a response, the tokenizer's own first. */
  readonly eosIds: ReadonlyArray<number>
  readonly isSpecial: (id: number) => boolean
  /** Names of the special tokens, as chat templates read them: `bos_token`, `eos_token`, … */
  readonly specialTokens: Readonly<Record<string, string>>
  readonly chatTemplate: string | undefined
  /** The files it was read from, to be written beside trained weights. */
  readonly files: Readonly<Record<string, string>>
}
