import { assert, layer } from "@effect/vitest"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect } from "effect"
import type { CacheFormatName } from "../../schemas/mod.ts"
import { openCheckpoint } from "../../src/checkpoint/mod.ts"
import { cacheFormats } from "../../src/model/mod.ts"
import { key, permutation } from "../../src/random/mod.ts"
import { allocateCache } from "../../src/sampler/decoder/Cache.ts"
import { planCache } from "../../src/sampler/decoder/planCache.ts"
import { openDecoder } from "../../src/sampler/mod.ts"
import { families } from "../model/families.ts"
import { recordedModels, recordings, Services } from "../recordings.ts"
import { drawAll, type DrawnRow, openFixture, type TestRow } from "./drawAll.ts"
import { drawsAlike } from "./drawsAlike.ts"
import { runtime } from "./drawWide.ts"

const names = Object.keys(cacheFormats) as ReadonlyArray<CacheFormatName> // as: the keys of the table
const rounded = names.filter((name) => name !== "float32")

layer(NodeServices.layer)("openDecoder() with a cache kept in any format", (it) => {
  for (const cache of rounded) {
    it.effect(`draws the same, bit for bit, whatever the threads, slots and chunks, of ${cache}`, () =>
      drawsAlike({ hidden_size: 272, intermediate_size: 520 }, { cache })
    )
  }

  it.effect("refuses a format that does not exist, and lists those that do", () =>
    Effect.gen(function* () {
      const options = { slots: 1, cache: "int2" as CacheFormatName } // as: what a caller without types may pass
      const checkpoint = yield* openCheckpoint("fixtures/model/qwen2", "causal")
      const error = yield* Effect.flip(Effect.scoped(openDecoder(checkpoint, options)))
      assert.deepStrictEqual(
        error.message,
        'Cannot sample responses: option "cache": found int2, wanted one of float32, float16, int8'
      )
    }).pipe(Effect.provide(runtime(1)))
  )
})

layer(Services)("openDecoder() with a rounded cache", (it) => {
  const recorded = { ...Object.fromEntries(recordedModels.map((name) => [name, recordings[name]])), ...families }
  for (const [name, { ids }] of Object.entries(recorded)) {
    it.effect(`draws the same on "${name}", whatever the slots, the chunks and the order`, () =>
      Effect.gen(function* () {
        const rows = [...ids, ...ids].map((row, i): TestRow => ({
          prompt: Int32Array.from(row),
          temperature: i % 3,
          key: key(i),
          maxNewTokens: 3 + (i % 5),
          logProbabilities: true
        }))
        for (const cache of rounded) {
          const alone: Array<DrawnRow> = []
          const decoder = yield* openFixture(name, { slots: 1, cache })
          for (const row of rows) alone.push(...(yield* drawAll(decoder, [row])))
          for (const [slots, chunkTokens] of [
            [8, 128],
            [2, 3],
            [3, 1]
          ] as const) {
            const order = [...permutation(key("order", slots), rows.length)]
            const many = yield* openFixture(name, { slots, chunkTokens, cache })
            const drawn = yield* drawAll(
              many,
              order.flatMap((i) => rows[i] ?? [])
            )
            assert.deepStrictEqual(
              drawn,
              order.flatMap((i) => alone[i] ?? [])
            )
          }
        }
      }).pipe(Effect.scoped)
    )
  }

  it.effect("takes half and a quarter of the memory, and has as many more slots for it", () =>
    Effect.gen(function* () {
      const { config } = yield* openCheckpoint("fixtures/model/tied-bias-bfloat16", "causal")
      const wide = yield* openFixture("tied-bias-bfloat16", { slots: 64 })
      const memory = wide.plan.bytesPerToken * 64 * 5
      const found: Record<string, unknown> = {}
      for (const cache of names) {
        const { plan } = yield* openFixture("tied-bias-bfloat16", { slots: 64, cacheMemory: memory, cache })
        const size = planCache(plan, [64])
        const { keys, values } = yield* allocateCache({ config, format: cache, steps: [] }, size)
        const bytes = [...keys, ...values].reduce((sum, { data }) => sum + (data?.byteLength ?? 0), 0)
        found[cache] = [size.slots, bytes]
      }
      assert.deepStrictEqual(found, { float32: [5, memory], float16: [10, memory], int8: [20, memory] })
    }).pipe(Effect.scoped)
  )
})
