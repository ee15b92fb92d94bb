import { assert, describe, it } from "@effect/vitest"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect, FileSystem, Layer, Path } from "effect"
import { initialize, openCheckpoint } from "../../src/checkpoint/mod.ts"
import type { WeightFormatName } from "../../schemas/mod.ts"
import { weightFormats } from "../../src/model/mod.ts"
import { key, uniform } from "../../src/random/mod.ts"
import { OnnxRuntime } from "../../src/runtime/mod.ts"
import { type DecoderOptions, openDecoder } from "../../src/sampler/mod.ts"
import { drawAll, type TestRow } from "./drawAll.ts"

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

/** Layers wide enough for the kernels to split their work; widths that are no multiple of 32 as well. */
const widen = (text: string): string =>
  JSON.stringify({
    ...JSON.parse(text),
    vocab_size: 600,
    hidden_size: 272,
    intermediate_size: 520,
    num_attention_heads: 8,
    num_key_value_heads: 4,
    head_dim: 32
  })

const runtime = (threads: number) => OnnxRuntime.layer({ threads }).pipe(Layer.provideMerge(NodeServices.layer))

const drawnWide = (threads: number, options: DecoderOptions) =>
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    const path = yield* Path.Path
    const folder = yield* fs.makeTempDirectoryScoped()
    const [shape, into] = [path.join(folder, "shape"), path.join(folder, "model")]
    yield* fs.copy("fixtures/garden/model", shape)
    const config = path.join(shape, "config.json")
    yield* fs.writeFileString(config, widen(yield* fs.readFileString(config)))
    yield* initialize({ from: shape, into, seed: 1 })
    const checkpoint = yield* openCheckpoint(into, "causal")
    const rows = rowsFor(checkpoint.config.vocab_size)
    return yield* drawAll(yield* openDecoder(checkpoint, options), rows)
  }).pipe(Effect.scoped, Effect.provide(runtime(threads)))

describe("openDecoder() with weights kept in any format", () => {
  for (const weights of names) {
    it.effect(`draws the same, bit for bit, whatever the threads, slots and chunks, of ${weights}`, () =>
      Effect.gen(function* () {
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
        'Cannot sample responses: option "weights": found int2, wanted one of float32, int8, int4'
      )
    }).pipe(Effect.provide(runtime(1)))
  )
})
