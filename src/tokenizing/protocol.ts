import type { Tokenizer, TokenizerFiles } from "../text/mod.ts"
import type { Arguments, JobName } from "./jobs.ts"

/** What a tokenizer is without its functions; these are made of the files again. */
export interface TokenizerData extends Pick<
  Tokenizer,
  "vocabularySize" | "bosId" | "padId" | "eosIds" | "specialTokens" | "chatTemplate"
> {
  readonly files: TokenizerFiles & Tokenizer["files"]
}

/** A job for the thread. */
export interface Asked<Name extends JobName> {
  readonly id: number
  readonly name: Name
  readonly rest: Arguments<Name>
}

/** What the thread says of a job: what it gives, or a TextError in its encoded form. */
export type Answer = { readonly id: number } & ({ readonly given: unknown } | { readonly failed: unknown })

/** The part of a tokenizer that goes to another thread. */
export const dataOf = ({
  bosId,
  chatTemplate,
  eosIds,
  files,
  padId,
  specialTokens,
  vocabularySize
}: Tokenizer): TokenizerData => ({
  bosId,
  chatTemplate,
  eosIds,
  files: files as TokenizerData["files"], // as: it was made of them
  padId,
  specialTokens,
  vocabularySize
})
