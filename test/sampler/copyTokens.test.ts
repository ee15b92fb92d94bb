import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import type { CacheFormatName } from "../../schemas/mod.ts"
import { allocateCache, type Cache, type CacheKind } from "../../src/sampler/decoder/Cache.ts"
import { makeCopyOnDevice, makeCopyTokens } from "../../src/sampler/decoder/copyTokens.ts"
import { openCheckpoint } from "../../src/checkpoint/mod.ts"
import { Services } from "../recordings.ts"

const slots = 3
const length = 4

/** A cache in which element i of a tensor is i, as far as its type can say. */
const filled = Effect.fnUntraced(function* (kind: CacheKind) {
  const cache = yield* allocateCache(kind, { slots, length })
  for (const { data = [] } of [...cache.keys, ...cache.values]) {
    for (let i = 0; i < data.length; i++) data[i] = i
  }
  return cache
})

const kindOf = Effect.fnUntraced(function* (format: CacheFormatName) {
  const { config } = yield* openCheckpoint("fixtures/model/tied-bias-bfloat16", "causal")
  return { config, format, steps: [] } satisfies CacheKind
})

const elements = ({ keys, values }: Cache) => [...keys, ...values].map(({ data = [] }) => Array.from(data, Number))

layer(Services)("copyTokens()", (it) => {
  for (const [format, type] of [
    ["float32", Float32Array],
    ["float16", Float16Array],
    ["int8", Int8Array]
  ] as const) {
    it.effect(`copies the first tokens of a slot, head by head, and nothing else, of ${format}`, () =>
      Effect.gen(function* () {
        const kind = yield* kindOf(format)
        const copy = yield* makeCopyTokens(kind)
        const cache = yield* filled(kind)
        yield* copy(cache, { from: 2, to: 0, tokens: 3 })
        const { head_dim, num_key_value_heads } = kind.config
        const slot = num_key_value_heads * length * head_dim
        const places = Array.from({ length: slots * slot }, (_, i) => {
          const token = Math.floor(i / head_dim) % length
          return i < slot && token < 3 ? i + 2 * slot : i
        })
        const wanted = Array.from(new type(places), Number)
        for (const found of elements(cache)) assert.deepStrictEqual(found, wanted)
        assert.strictEqual(elements(cache).length, 4)
      }).pipe(Effect.scoped)
    )

    it.effect(`on a device gives the same tokens, of ${format}`, () =>
      Effect.gen(function* () {
        const kind = yield* kindOf(format)
        const [host, device] = [yield* filled(kind), yield* filled(kind)]
        const [copy, copyOnDevice] = [yield* makeCopyTokens(kind), yield* makeCopyOnDevice(kind)]
        yield* copy(host, { from: 1, to: 2, tokens: length })
        yield* copyOnDevice(device, { from: 1, to: 2, tokens: length })
        assert.deepStrictEqual(elements(device), elements(host))
      }).pipe(Effect.scoped)
    )
  }
})
