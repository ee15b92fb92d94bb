import { Effect } from "effect"
import { OnnxRuntime, type Session } from "../../runtime/mod.ts"
import { type Cache, cacheBindings, sliceCache } from "./Cache.ts"

/** Attention keeps a score for each head, each token read at once and each token that the slot has room for. */
const readAtOnce = 256

/**
 * Reads tokens of a prompt into a slot, after the `from` tokens that it holds.
 *
 * Domain   Attention over a single token rounds in another order than over several: beside a single one, a token is read
 *          that the next step writes over, so that a prompt may be cut anywhere.
 * Fails    RuntimeError.
 */
export const makeRead = Effect.fnUntraced(function* (session: Session, cache: Cache) {
  const runtime = yield* OnnxRuntime
  const readPart = Effect.fnUntraced(
    function* (slot: number, ids: Int32Array, from: number) {
      const { past, present } = cacheBindings(yield* sliceCache(cache, { from: slot, count: 1 }))
      const tokens = Math.max(ids.length, 2)
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
  return Effect.fnUntraced(function* (slot: number, ids: Int32Array, from: number) {
    for (let i = 0; i < ids.length; i += readAtOnce) yield* readPart(slot, ids.subarray(i, i + readAtOnce), from + i)
  })
})
