import { assert } from "@effect/vitest"
import { Effect } from "effect"
import { key, uniform } from "../../src/random/mod.ts"
import type { DecoderOptions } from "../../src/sampler/mod.ts"
import type { TestRow } from "./drawAll.ts"
import { drawWide } from "./drawWide.ts"

/** Prompts of 1 to 35 tokens that begin alike, read in chunks of every size, and rows that end at different times. */
const unevenRows = (vocabulary: number): ReadonlyArray<TestRow> =>
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

/** The law of a format: uneven rows are drawn the same, bit for bit, whatever the threads, slots and chunks. */
export const drawsAlike = (widths: Parameters<typeof drawWide>[0], format: Pick<DecoderOptions, "cache" | "weights">) =>
  Effect.gen(function* () {
    const drawn = drawWide(widths, unevenRows)
    const alone = yield* drawn(1, { slots: 1, chunkTokens: 128, ...format })
    for (const [i, slots] of [2, 3, 8, 16].entries()) {
      const chunkTokens = [1, 5, 13, 128][i] ?? 1
      assert.deepStrictEqual(yield* drawn(1 + (i % 2), { slots, chunkTokens, ...format }), alone)
    }
    assert.isAbove(new Set(alone.map(({ ids }) => String(ids))).size, 15)
  })
