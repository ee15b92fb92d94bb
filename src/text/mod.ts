/**
 * Tokens: a model's tokenizer, its chat template, and prompt and response as ids.
 *
 * ```ts
 * const { ids, promptLength } = yield* encodePair(tokenizer, messages, "Blue.", { maxTokens: 512 })
 * ```
 */
export { encodePair, type EncodedPair } from "./encodePair.ts"
export { encodePrompt } from "./encodePrompt.ts"
export { SequenceTooLong, TextError } from "./errors.ts"
export { makeTokenizer, type TokenizerFiles } from "./makeTokenizer.ts"
export { renderChat } from "./renderChat.ts"
export type { Tokenizer } from "./Tokenizer.ts"
