import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import type { ModelConfig } from "../../src/model/mod.ts"
import { allocateCache, type Cache } from "../../src/sampler/decoder/Cache.ts"
import { makeCopyOnDevice, makeCopyTokens } from "../../src/sampler/decoder/copyTokens.ts"
import { openCheckpoint } from "../../src/checkpoint/mod.ts"
import { Services } from "../recordings.ts"

const slots = 3
const length = 4

/** A cache in which element i of a tensor is i. */
const filled = Effect.fnUntraced(function* (config: ModelConfig) {
  const cache = yield* allocateCache(config, { slots, length })
  for (const { data } of [...cache.keys, ...cache.values]) {
    if (data instanceof Float32Array) data.forEach((_, i) => (data[i] = i))
  }
  return cache
})

const elements = ({ keys, values }: Cache) => [...keys, ...values].map(({ data }) => data)

layer(Services)("copyTokens()", (it) => {
  it.effect("copies the first tokens of a slot, head by head, and nothing else", () =>
    Effect.gen(function* () {
      const { config } = yield* openCheckpoint("fixtures/model/tied-bias-bfloat16", "causal")
      const copy = yield* makeCopyTokens(config)
      const cache = yield* filled(config)
      yield* copy(cache, { from: 2, to: 0, tokens: 3 })
      const { head_dim, num_key_value_heads } = config
      const slot = num_key_value_heads * length * head_dim
      const wanted = Float32Array.from({ length: slots * slot }, (_, i) => {
        const token = Math.floor(i / head_dim) % length
        return i < slot && token < 3 ? i + 2 * slot : i
      })
      for (const found of elements(cache)) assert.deepStrictEqual(found, wanted)
      assert.strictEqual(elements(cache).length, 4)
    }).pipe(Effect.scoped)
  )

  it.effect("on a device gives the same tokens", () =>
    Effect.gen(function* () {
      const { config } = yield* openCheckpoint("fixtures/model/tied-bias-bfloat16", "causal")
      const [host, device] = [yield* filled(config), yield* filled(config)]
      const [copy, copyOnDevice] = [yield* makeCopyTokens(config), yield* makeCopyOnDevice(config)]
      yield* copy(host, { from: 1, to: 2, tokens: length })
      yield* copyOnDevice(device, { from: 1, to: 2, tokens: length })
      assert.deepStrictEqual(elements(device), elements(host))
    }).pipe(Effect.scoped)
  )
})
