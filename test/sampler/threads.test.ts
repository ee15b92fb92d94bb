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

const drawnOn = drawWide({ hidden_size: 256, intermediate_size: 512 }, rowsFor)

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
