import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { openCheckpoint } from "../../src/checkpoint/mod.ts"
import { OnnxRuntime } from "../../src/runtime/mod.ts"
import { fitSteps } from "../../src/sampler/decoder/fitSteps.ts"
import { openParts } from "../../src/sampler/mod.ts"
import { Services } from "../recordings.ts"

/** Two heads of four features, all rotated: features 0 and 2 are a pair, and 1 and 3. */
const openConfig = Effect.map(openCheckpoint("fixtures/model/qwen2", "causal"), ({ config }) => ({
  ...config,
  head_dim: 4,
  num_key_value_heads: 2
}))

/** One row of two tokens for each head. */
const held = Int8Array.of(3, 0, 4, -1, 0, 2, 0, 0, 127, 0, 0, 0, 0, 0, 0, -128)

const fitted = Effect.fnUntraced(function* (what: "key" | "value") {
  const runtime = yield* OnnxRuntime
  const steps = Float32Array.of(1, 1, 1, 1, 2, 2, 2, 2)
  const [cache, into] = [yield* runtime.tensor(held, [1, 2, 2, 4]), yield* runtime.tensor(steps, [1, 2, 1, 4])]
  const wasCut = fitSteps(yield* openConfig, cache, into, what)
  return { wasCut, seen: Array.from(steps, (step, i) => (step * 127) / 2 - (i < 4 ? 0.5 : 1)) }
}, Effect.scoped)

/** Steps are float32. */
const tolerance = 1e-4

const assertClose = (found: ReadonlyArray<number>, wanted: ReadonlyArray<number>) => {
  assert.strictEqual(found.length, wanted.length)
  wanted.forEach((size, i) => assert.closeTo(found[i] ?? Number.NaN, size, tolerance))
}

layer(Services)("fitSteps()", (it) => {
  it.effect("holds twice the largest value of each feature, and takes what was cut off for four times as large", () =>
    Effect.gen(function* () {
      const { seen, wasCut } = yield* fitted("value")
      assert.isTrue(wasCut)
      assertClose(seen, [3, 2, 4, 1, 4 * 127 * 2, 0, 0, 4 * 127 * 2])
    })
  )

  it.effect("holds a key at every position: both of a pair as much as the pair is long", () =>
    Effect.gen(function* () {
      const { seen } = yield* fitted("key")
      assertClose(seen, [5, 2, 5, 2, 1016, 1016, 1016, 1016])
    })
  )
})

layer(Services)("measureSteps()", (it) => {
  it.effect("gives each layer, head and feature a step, the same at every opening", () =>
    Effect.gen(function* () {
      const checkpoint = yield* openCheckpoint("fixtures/model/qwen2", "causal")
      const open = Effect.map(openParts(checkpoint, { weights: "float32", cache: "int8" }), ({ kind }) =>
        kind.steps.flatMap(({ key, value }) => [key.data, value.data])
      ).pipe(Effect.scoped)
      const steps = yield* open
      const { head_dim, num_hidden_layers, num_key_value_heads } = checkpoint.config
      assert.deepStrictEqual(
        steps.map((each) => each?.length),
        Array.from({ length: 2 * num_hidden_layers }, () => head_dim * num_key_value_heads)
      )
      for (const each of steps) assert.isTrue((each ?? []).every((step) => Number(step) > 0 && Number(step) < 1))
      assert.deepStrictEqual(yield* open, steps)
    })
  )
})
