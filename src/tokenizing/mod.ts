/**
 * Texts as tokens beside other work: the functions of `text/`, which never hold the thread for long.
 *
 * ```ts
 * const { run } = yield* openTokenizing(tokenizer)
 * const ids = yield* run("encodePrompt", messages, { contextLength: 2048 })
 * ```
 */
export { mostAtOnce, openTokenizing } from "./openTokenizing.ts"
export type { Tokenizing } from "./Tokenizing.ts"
