import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { key, uniform } from "../../src/random/mod.ts"
import type { TestRow } from "./drawAll.ts"
import { drawWide } from "./drawWide.ts"

/** Nearly equal probabilities: of 600 tokens, these leave about 540, 180 and 300. */
const limits: ReadonlyArray<Partial<TestRow>> = [{ topP: 0.9 }, { topP: 0.3 }, { topK: 300 }, {}]

const rowsFor = (vocabulary: number): ReadonlyArray<TestRow> =>
  Array.from({ length: 12 }, (_, row) => {
    const length = 40 + 2 * Math.floor(row / 3)
    const id = (i: number) => Math.floor(uniform(key("prompt", i < 30 ? 0 : Math.floor(row / 3)), i) * vocabulary)
    return {
      prompt: Int32Array.from({ length }, (_id, i) => id(i)),
      temperature: 1,
      maxNewTokens: 4 + row,
      key: key(row),
      logProbabilities: true,
      ...limits[row % 4]
    }
  })

/** Prompts longer than what attention reads as one tile: 64 tokens at this width of a head. */
const longRows = (vocabulary: number): ReadonlyArray<TestRow> =>
  [130, 131, 194].map((length) => ({
    prompt: Int32Array.from({ length }, (_, i) => Math.floor(uniform(key("long", length), i) * vocabulary)),
    temperature: 1,
    maxNewTokens: 3,
    key: key(length),
    logProbabilities: true
  }))

const drawnOn = drawWide({ hidden_size: 256, intermediate_size: 512 }, rowsFor)

describe("openDecoder() with prompts in chunks", () => {
  for (const cache of ["float32", "float16", "int8"] as const) {
    it.effect(`draws the same, bit for bit, wherever a prompt is cut, from a cache in ${cache}`, () =>
      Effect.gen(function* () {
        const drawn = drawWide({ hidden_size: 256, intermediate_size: 512, max_position_embeddings: 256 }, longRows)
        const whole = yield* drawn(1, { slots: 1, chunkTokens: 256, cache })
        for (const chunkTokens of [65, 129, 64, 33, 1]) {
          assert.deepStrictEqual(yield* drawn(1, { slots: 3, chunkTokens, cache }), whole, `${chunkTokens}`)
        }
      })
    )
  }
})

/** A prompt so long that tiled attention would share it out among threads, of which there are more than heads. */
const oneLongRow = (vocabulary: number): ReadonlyArray<TestRow> => {
  const prompt = Int32Array.from({ length: 1100 }, (_, i) => Math.floor(uniform(key("longest"), i) * vocabulary))
  return [{ prompt, temperature: 1, maxNewTokens: 12, key: key(1), logProbabilities: true }]
}

describe("openDecoder() on more threads than heads", () => {
  for (const cache of ["float32", "float16", "int8"] as const) {
    it.effect(`draws the same, bit for bit, behind a long prompt, from a cache in ${cache}`, () =>
      Effect.gen(function* () {
        const heads = { num_attention_heads: 2, num_key_value_heads: 1, head_dim: 128 }
        const widths = { hidden_size: 64, intermediate_size: 128, max_position_embeddings: 1200, ...heads }
        const drawn = drawWide(widths, oneLongRow)
        const one = yield* drawn(1, { slots: 1, cache })
        for (const threads of [2, 3, 8]) assert.deepStrictEqual(yield* drawn(threads, { slots: 1, cache }), one)
      })
    )
  }
})

describe("openDecoder() with a context of an odd number of tokens", () => {
  it.effect("measures steps within it, and fills it", () =>
    Effect.gen(function* () {
      const widths = { hidden_size: 64, intermediate_size: 128, max_position_embeddings: 49 }
      const prompt = Int32Array.from({ length: 40 }, (_, i) => i)
      const row: TestRow = { prompt, temperature: 1, maxNewTokens: 10, key: key("odd"), logProbabilities: true }
      const drawn = drawWide(widths, () => [row])
      const alone = yield* drawn(1, { slots: 1, cache: "int8" })
      assert.deepStrictEqual(yield* drawn(1, { slots: 2, chunkTokens: 7, cache: "int8" }), alone)
      assert.lengthOf(alone[0]?.ids ?? [], 10)
    })
  )
})

describe("openDecoder() on another number of threads", () => {
  it.effect("draws the same, bit for bit, on one thread and on two, in wide layers and long chunks too", () =>
    Effect.gen(function* () {
      const one = yield* drawnOn(1, { slots: 1, chunkTokens: 128 })
      assert.deepStrictEqual(yield* drawnOn(1, { slots: 5, chunkTokens: 7 }), one)
      assert.deepStrictEqual(yield* drawnOn(2, { slots: 12, chunkTokens: 33 }), one)
      assert.isAbove(new Set(one.map(({ ids }) => String(ids))).size, 8)
    })
  )
})
