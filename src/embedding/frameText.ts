import { Effect, Result } from "effect"
import type { TextError, Tokenizer } from "../text/mod.ts"
import type { Tokenizing } from "../tokenizing/mod.ts"
import { TokenMissing } from "./errors.ts"

/** A text between the tokens that frame it, and whether its end was cut off. */
export interface FramedText {
  readonly ids: Int32Array
  readonly truncated: boolean
}

const specialId = (tokenizer: Tokenizer, token: string): Result.Result<number, TokenMissing> => {
  const [id, ...rest] = tokenizer.encode(token)
  return id !== undefined && rest.length === 0 && tokenizer.isSpecial(id)
    ? Result.succeed(id)
    : Result.fail(new TokenMissing({ token }))
}

/**
 * What puts texts between [CLS] and [SEP], as BERT reads one sentence; of a longer text the beginning stays.
 *
 * Units    maxTokens in tokens, those two included.
 * Fails    TokenMissing.
 */
export const frameTexts = (
  { run, tokenizer }: Tokenizing,
  maxTokens: number
): Result.Result<(text: string) => Effect.Effect<FramedText, TextError>, TokenMissing> =>
  Result.gen(function* () {
    const first = yield* specialId(tokenizer, "[CLS]")
    const last = yield* specialId(tokenizer, "[SEP]")
    return (text: string) =>
      Effect.map(run("encode", text), (ids) => {
        const kept = ids.subarray(0, maxTokens - 2)
        return { ids: Int32Array.of(first, ...kept, last), truncated: kept.length < ids.length }
      })
  })
