import { Effect } from "effect"
import { OnnxRuntime, type Session } from "../../runtime/mod.ts"
import { type Cache, cacheBindings, sliceCache } from "./Cache.ts"

/**
 * Reads tokens of a prompt into a slot, after the `from` tokens that it holds.
 *
 * Domain   Attention reads tokens in tiles of an even number, and one over a single token rounds in another order: beside an odd number
 *          of tokens, one more is read that the next step writes over, so that a prompt may be cut anywhere. The slot has room for it.
 * Fails    RuntimeError.
 */
export const makeRead = Effect.fnUntraced(function* (session: Session, cache: Cache) {
  const runtime = yield* OnnxRuntime
  return Effect.fnUntraced(
    function* (slot: number, ids: Int32Array, from: number) {
      const { past, present } = cacheBindings(yield* sliceCache(cache, { from: slot, count: 1 }))
      const tokens = ids.length + (ids.length % 2)
      const padded = new BigInt64Array(tokens)
      ids.forEach((id, i) => (padded[i] = BigInt(id)))
      const feeds = {
        ...past,
        ids: yield* runtime.tensor(padded, [1, tokens]),
        lengths: yield* runtime.tensor(Int32Array.of(from + tokens - 1), [1]),
        longest: yield* runtime.tensor(Int32Array.of(from + tokens), []),
        last: yield* runtime.tensor(BigInt64Array.of(BigInt(tokens - 1)), [1]),
        temperature: yield* runtime.tensor(Float32Array.of(1), [1, 1]),
        uniform: yield* runtime.tensor(Float32Array.of(0), [1, 1])
      }
      const token = yield* runtime.tensor(new BigInt64Array(1), [1])
      yield* session.run(feeds, { ...present, token })
    },
    Effect.scoped,
    Effect.provideService(OnnxRuntime, runtime)
  )
})
