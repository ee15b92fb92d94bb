import { assert, describe, it } from "@effect/vitest"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect, FileSystem, Layer, Path } from "effect"
import { initialize, openCheckpoint } from "../../src/checkpoint/mod.ts"
import { key, uniform } from "../../src/random/mod.ts"
import { OnnxRuntime } from "../../src/runtime/mod.ts"
import { type DecoderOptions, openDecoder } from "../../src/sampler/mod.ts"
import { drawAll, type TestRow } from "./drawAll.ts"

/**
 * A config whose layers are wide enough for the kernels to split their work, and whose vocabulary is larger than what is
 * sorted at first for top-p.
 */
const widen = (text: string): string =>
  JSON.stringify({
    ...JSON.parse(text),
    vocab_size: 600,
    hidden_size: 256,
    intermediate_size: 512,
    num_attention_heads: 8,
    num_key_value_heads: 4,
    head_dim: 32
  })

const runtime = (threads: number) => OnnxRuntime.layer({ threads }).pipe(Layer.provideMerge(NodeServices.layer))

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

const drawnOn = (threads: number, options: DecoderOptions) =>
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
    return yield* drawAll(yield* openDecoder(checkpoint, options), rowsFor(checkpoint.config.vocab_size))
  }).pipe(Effect.scoped, Effect.provide(runtime(threads)))

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
