import { Effect } from "effect"
import type { ModelConfig } from "../../model/mod.ts"
import { key, uniform } from "../../random/mod.ts"
import { OnnxRuntime, type Session } from "../../runtime/mod.ts"
import { allocateCache, type CacheKind, type CacheSteps } from "./Cache.ts"
import { fitSteps, mostSteps } from "./fitSteps.ts"
import { makeRead } from "./makeRead.ts"

/** Rows of tokens by chance that are read to see what keys and values a model makes, and the most tokens of each. */
const rows = 4
const mostTokens = 128

/** Where the search begins: values of up to 64. */
const first = 64 / mostSteps

/** At first steps are too large for most features: what is measured with them is measured again. */
const leastPasses = 2
const mostPasses = 12

/** A cache that has read tokens by chance, row after row: several at once would take as much more memory. */
const read = Effect.fnUntraced(function* (session: Session, kind: CacheKind, tokens: number) {
  const cache = yield* allocateCache(kind, { slots: rows, length: tokens })
  const readRow = yield* makeRead(session, cache)
  for (let row = 0; row < rows; row++) {
    const idAt = (i: number) => Math.floor(uniform(key("steps"), row * tokens + i) * kind.config.vocab_size)
    yield* readRow(
      row,
      Int32Array.from({ length: tokens }, (_, i) => idAt(i)),
      0
    )
  }
  return cache
})

/**
 * The sizes of a cache's steps, so that it holds twice the largest value that each feature takes where the model reads tokens by
 * chance. They depend on the weights alone; what text goes beyond is cut off.
 *
 * Fails    RuntimeError.
 */
export const measureSteps = Effect.fnUntraced(function* (session: Session, config: ModelConfig) {
  const runtime = yield* OnnxRuntime
  const shape = [1, config.num_key_value_heads, 1, config.head_dim]
  const size = config.num_key_value_heads * config.head_dim
  const tokens = Math.min(mostTokens, config.max_position_embeddings)
  const tensor = () => runtime.tensor(new Float32Array(size).fill(first), shape)
  const steps: ReadonlyArray<CacheSteps> = yield* Effect.forEach(Array.from({ length: config.num_hidden_layers }), () =>
    Effect.all({ key: tensor(), value: tensor() })
  )
  const pass = Effect.gen(function* () {
    const { keys, values } = yield* read(session, { config, format: "int8", steps }, tokens)
    return steps.map(({ key: ofKey, value: ofValue }, layer) => {
      const [held, heldValue] = [keys[layer], values[layer]]
      const keysCut = held !== undefined && fitSteps(config, held, ofKey, "key")
      const valuesCut = heldValue !== undefined && fitSteps(config, heldValue, ofValue, "value")
      return keysCut || valuesCut
    })
  }).pipe(Effect.scoped)
  for (let passes = 1; passes <= mostPasses; passes++) {
    const wasCut = yield* pass
    if (passes >= leastPasses && !wasCut.includes(true)) break
  }
  return steps
})
