/**
 * Tokens: a model's tokenizer, its chat template, and conversations as ids with what is learned of them.
 *
 * ```ts
 * const { ids, learned } = yield* encodeConversation(tokenizer, messages, "Blue.", { turns: "all" })
 * ```
 */
export { type ConversationOptions, encodeConversation, type EncodedConversation } from "./encodeConversation.ts"
export { encodePair, type EncodedPair } from "./encodePair.ts"
export { encodePreference } from "./encodePreference.ts"
export { encodePrompt } from "./encodePrompt.ts"
export { encodeQuestion, letterIds, type QuestionOptions, renderQuestion } from "./encodeQuestion.ts"
export { PromptTooLong, SequenceTooLong, TextError, ThreadFailed } from "./errors.ts"
export { fromMask, type Learned, learnedMask } from "./learnedMask.ts"
export { joinIds } from "./joinIds.ts"
export { makeTokenizer, type TokenizerFiles } from "./makeTokenizer.ts"
export { markLearned } from "./markLearned.ts"
export { type PreferenceExample, preferenceExample, preferencePrompt, preferenceQuestion } from "./preferencePrompt.ts"
export { renderChat } from "./renderChat.ts"
export type { Tokenizer } from "./Tokenizer.ts"
export { readAlong, type Read, type Reader } from "./readAlong.ts"
