import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { WeightFormatName } from "../../schemas/mod.ts"
import { openCheckpoint } from "../../src/checkpoint/mod.ts"
import { weightFormats } from "../../src/model/mod.ts"
import { key, uniform } from "../../src/random/mod.ts"
import { openDecoder } from "../../src/sampler/mod.ts"
import type { TestRow } from "./drawAll.ts"
import { drawWide, runtime } from "./drawWide.ts"

const names = Object.keys(weightFormats) as ReadonlyArray<WeightFormatName> // as: the keys of the table

/** Prompts of 1 to 37 tokens, so that a prompt is read in chunks of every size; some share a beginning. */
const rowsFor = (vocabulary: number): ReadonlyArray<TestRow> =>
  Array.from({ length: 18 }, (_, row) => {
    const id = (i: number) => Math.floor(uniform(key("prompt", i < 12 ? 0 : row), i) * vocabulary)
    return {
      prompt: Int32Array.from({ length: 1 + 2 * row }, (_id, i) => id(i)),
      temperature: row % 5 === 0 ? 0 : 1,
      maxNewTokens: 4 + (row % 7),
      key: key(row),
      logProbabilities: row % 2 === 0
    }
  })

/** Widths that are no multiple of a block; and such that all layers but keys and values may be kept in half, the head too. */
const widths = {
  uneven: { hidden_size: 272, intermediate_size: 520 },
  wide: { hidden_size: 512, intermediate_size: 528, num_attention_heads: 16, vocab_size: 608 }
}

describe("openDecoder() with weights kept in any format", () => {
  for (const weights of names) {
    it.effect(`draws the same, bit for bit, whatever the threads, slots and chunks, of ${weights}`, () =>
      Effect.gen(function* () {
        const drawnWide = drawWide(weights === "float16" ? widths.wide : widths.uneven, rowsFor)
        const alone = yield* drawnWide(1, { slots: 1, chunkTokens: 128, weights })
        for (const [i, slots] of [2, 3, 8, 16].entries()) {
          const chunkTokens = [1, 5, 13, 128][i] ?? 1
          assert.deepStrictEqual(yield* drawnWide(1 + (i % 2), { slots, chunkTokens, weights }), alone)
        }
        assert.isAbove(new Set(alone.map(({ ids }) => String(ids))).size, 15)
      })
    )
  }

  it.effect("refuses a format that does not exist, and lists those that do", () =>
    Effect.gen(function* () {
      const options = { slots: 1, weights: "int2" as WeightFormatName } // as: what a caller without types may pass
      const checkpoint = yield* openCheckpoint("fixtures/model/qwen2", "causal")
      const error = yield* Effect.flip(Effect.scoped(openDecoder(checkpoint, options)))
      assert.deepStrictEqual(
        error.message,
        'Cannot sample responses: option "weights": found int2, wanted one of float32, float16, int8, int4'
      )
    }).pipe(Effect.provide(runtime(1)))
  )
})
