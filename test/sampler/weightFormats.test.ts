import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { WeightFormatName } from "../../schemas/mod.ts"
import { openCheckpoint } from "../../src/checkpoint/mod.ts"
import { weightFormats } from "../../src/model/mod.ts"
import { openDecoder } from "../../src/sampler/mod.ts"
import { drawsAlike } from "./drawsAlike.ts"
import { runtime } from "./drawWide.ts"

const names = Object.keys(weightFormats) as ReadonlyArray<WeightFormatName> // as: the keys of the table

/** Widths that are no multiple of a block; and such that all layers but keys and values may be kept in half, the head too. */
const widths = {
  uneven: { hidden_size: 272, intermediate_size: 520 },
  wide: { hidden_size: 512, intermediate_size: 528, num_attention_heads: 16, vocab_size: 608 }
}

describe("openDecoder() with weights kept in any format", () => {
  for (const weights of names) {
    it.effect(`draws the same, bit for bit, whatever the threads, slots and chunks, of ${weights}`, () =>
      drawsAlike(weights === "float16" ? widths.wide : widths.uneven, { weights })
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
