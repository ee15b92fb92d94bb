import { Effect, Path } from "effect"
import type { Tokenizer } from "../../text/mod.ts"

/** A tokenizer, and the name of its folder. */
export interface NamedTokenizer {
  readonly name: string
  readonly tokenizer: Tokenizer
}

/**
 * The tokenizer of a folder, and the folder's name; nothing where none was named.
 *
 * Fails    CheckpointError, TextError
 */
export const tokenizerAt = Effect.fnUntraced(function* (folder: string | undefined) {
  if (folder === undefined) return undefined
  const { openTokenizer } = yield* Effect.promise(() => import("../../checkpoint/mod.ts"))
  const { basename } = yield* Path.Path
  const named: NamedTokenizer = { name: basename(folder), tokenizer: yield* openTokenizer(folder) }
  return named
})
