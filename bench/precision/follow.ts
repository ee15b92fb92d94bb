import { Effect } from "effect"
import type { Checkpoint } from "../../src/checkpoint/mod.ts"
import { OnnxRuntime } from "../../src/runtime/mod.ts"
import { allocateCache, cacheBindings, type KeptFormats, openParts } from "../../src/sampler/mod.ts"

/** Tokens that the cache has room for. */
const room = 512

/** Next-token logits of a model kept in formats: a new row begins at position 0. */
export const openLogits = Effect.fnUntraced(function* (checkpoint: Checkpoint, formats: KeptFormats) {
  const runtime = yield* OnnxRuntime
  const { config, kind, session } = yield* openParts(checkpoint, formats)
  const { past, present } = cacheBindings(yield* allocateCache(kind, { slots: 1, length: room }))
  return Effect.fnUntraced(
    function* (ids: ReadonlyArray<number>, position: number) {
      const end = position + ids.length
      const feeds = {
        ...past,
        ids: yield* runtime.tensor(BigInt64Array.from(ids, BigInt), [1, ids.length]),
        lengths: yield* runtime.tensor(Int32Array.of(end - 1), [1]),
        longest: yield* runtime.tensor(Int32Array.of(end), []),
        last: yield* runtime.tensor(BigInt64Array.of(BigInt(ids.length - 1)), [1])
      }
      const draw = {
        temperature: yield* runtime.tensor(Float32Array.of(1), [1, 1]),
        uniform: yield* runtime.tensor(Float32Array.of(0), [1, 1])
      }
      const logits = new Float32Array(config.vocab_size)
      const token = yield* runtime.tensor(new BigInt64Array(1), [1])
      const fetched = { ...present, token, logits: yield* runtime.tensor(logits, [1, config.vocab_size]) }
      yield* session.run({ ...feeds, ...draw }, fetched)
      return logits
    },
    Effect.scoped,
    Effect.provideService(OnnxRuntime, runtime)
  )
})
