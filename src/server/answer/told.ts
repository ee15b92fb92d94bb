import type { Tokenizer } from "../../text/mod.ts"
import type { ChatLogProbabilities, TextLogProbabilities } from "../protocol/answers.ts"

/** Tokens that were drawn, and log π of each (nats). */
export interface Tokens {
  readonly ids: ReadonlyArray<number>
  readonly logProbabilities: ReadonlyArray<number>
}

const textOf = (tokenizer: Tokenizer, id: number) => tokenizer.decode([id], { skipSpecialTokens: false })

/** Bytes of a token's text; none are told where it is a part of a character. */
const bytesOf = (text: string) => (text.includes("\uFFFD") ? null : [...Buffer.from(text)])

/** Log-probabilities as a chat tells them. */
export const chatTold = (
  tokenizer: Tokenizer,
  { ids, logProbabilities }: Tokens
): typeof ChatLogProbabilities.Type => ({
  content: ids.map((id, i) => {
    const token = textOf(tokenizer, id)
    return { token, logprob: logProbabilities[i] ?? 0, bytes: bytesOf(token), top_logprobs: [] }
  }),
  refusal: null
})

/** Log-probabilities as a text tells them; `offset` is where the first token begins (code units). */
export const textTold = (
  tokenizer: Tokenizer,
  { ids, logProbabilities }: Tokens,
  offset: number
): typeof TextLogProbabilities.Type => {
  const tokens = ids.map((id) => textOf(tokenizer, id))
  let end = offset
  const offsets = tokens.map((token) => (end += token.length) - token.length)
  return { tokens, token_logprobs: logProbabilities, top_logprobs: null, text_offset: offsets }
}
