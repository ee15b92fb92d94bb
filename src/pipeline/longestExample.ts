import { Effect, Stream } from "effect"
import { openShape } from "../checkpoint/mod.ts"
import type { LengthPolicy } from "../../schemas/mod.ts"
import { type Example, makeEncoder } from "../training/mod.ts"
import { checkData } from "./check/checkData.ts"
import type { Source } from "./file/Source.ts"

/**
 * The longest example of a file under the tokenizer of a model folder; none where one of them cannot be read.
 *
 * Units    tokens.
 */
export const longestExample = Effect.fnUntraced(function* (options: {
  readonly folder: string
  readonly source: Source
  readonly kind: "demonstrations" | "preferences"
  readonly lengthPolicy: LengthPolicy
}) {
  const { kind, lengthPolicy, source } = options
  const { config, tokenizer } = yield* openShape(options.folder)
  const { rows } = yield* checkData({ at: () => "" }, { kinds: [kind], key: [], source })
  const encoder = makeEncoder({ tokenizer, maxTokens: config.max_position_embeddings, lengthPolicy })
  yield* Stream.runForEach(rows, (example: Example) => Effect.sync(() => encoder.encode(example)))
  const { max } = encoder.audit().lengths.sequence
  return max === 0 ? yield* Effect.fail("no example fits") : max
}, Effect.option)
