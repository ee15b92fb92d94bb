import { assert, describe, it as plain, layer } from "@effect/vitest"
import { Effect, FileSystem } from "effect"
import { openCheckpoint } from "../../src/checkpoint/mod.ts"
import { onnxWithin } from "../../src/export/onnx/onnx.ts"
import { quantizeRows } from "../../src/export/onnx/quantizeRows.ts"
import { families } from "../model/families.ts"
import { distance, recordedModels, recordings, Services } from "../recordings.ts"
import { exported } from "./exported.ts"
import { decodeLogits, openCausal } from "./openCausal.ts"

/** Float32 through two layers, summed in another order than by the fused operator; logits are about 1. */
const tolerance = 1e-4

/** Half of weights of 11 significant bits, through two layers. */
const halfTolerance = 2e-2

/** Weights of 8 bits, the largest of a row exact, through two layers. */
const int8Tolerance = 0.5

const range = (from: number, to: number): ReadonlyArray<number> => Array.from({ length: to - from }, (_, i) => from + i)

const ones = (length: number): ReadonlyArray<number> => range(0, length).map(() => 1)

/** The first ids of a recording. */
const recordedIds: Readonly<Record<string, ReadonlyArray<number>>> = Object.fromEntries([
  ...recordedModels.map((name) => [name, recordings[name].ids[0] ?? []] as const),
  ...Object.entries(families).map(([name, { ids }]) => [name, ids[0] ?? []] as const)
])

/** Logits after the last id, in one run and in two with the past between them, and after padding on the left. */
const logitsOf = Effect.fnUntraced(function* (folder: string, model: string, file?: string) {
  const { config } = yield* openCheckpoint(model, "causal")
  const run = yield* openCausal(folder, config, file)
  const ids = recordedIds[model.split("/").at(-1) ?? ""] ?? []
  const n = ids.length
  const last = (logits: Float32Array) => logits.slice(-config.vocab_size)
  const together = yield* run({ ids: [ids], positions: [range(0, n)], mask: [ones(n)] })
  const first = yield* run({ ids: [ids.slice(0, 3)], positions: [[0, 1, 2]], mask: [ones(3)] })
  const rest = { ids: [ids.slice(3)], positions: [range(3, n)], mask: [ones(n)] }
  const second = yield* run(rest, first.past)
  const padded = yield* run({ ids: [[0, 0, ...ids]], positions: [[0, 0, ...range(0, n)]], mask: [[0, 0, ...ones(n)]] })
  return { together: last(together.logits), inTwo: last(second.logits), padded: last(padded.logits), ids }
})

describe("quantizeRows()", () => {
  plain("gives 127 to the largest value of each row, and 0 to a row of zeros", () => {
    const { quantized, scales } = quantizeRows(Float32Array.of(127, -63.5, 1, 0, 0, 0, -2, 1, 0.5), 3)
    assert.deepStrictEqual([...quantized], [127, -63, 1, 0, 0, 0, -127, 64, 32])
    assert.deepStrictEqual([...scales], [1, 0, Math.fround(2 / 127)])
  })
})

layer(Services)("onnx", (it) => {
  for (const name of Object.keys(recordedIds)) {
    const model = `fixtures/model/${name}`
    it.effect(`gives the logits of the decode graph on "${name}": at once, behind a past, and behind padding`, () =>
      Effect.gen(function* () {
        const { ids, inTwo, padded, together } = yield* logitsOf(yield* exported(model, "onnx"), model)
        const wanted = yield* decodeLogits(model, ids)
        assert.isBelow(distance(together, wanted), tolerance)
        assert.isBelow(distance(inTwo, wanted), tolerance)
        assert.isBelow(distance(padded, wanted), tolerance)
      }).pipe(Effect.scoped)
    )
  }

  const model = "fixtures/model/tied-bias-bfloat16"

  it.effect("puts weights in a file beside the graph where one file cannot hold them, and gives the same logits", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const whole = yield* exported(model, "onnx")
      const apart = yield* exported(model, "onnx", { table: { onnx: onnxWithin(1000) } })
      assert.deepStrictEqual(yield* fs.readDirectory(`${whole}/onnx`), ["model.onnx"])
      assert.deepStrictEqual((yield* fs.readDirectory(`${apart}/onnx`)).toSorted(), ["model.onnx", "model.onnx_data"])
      assert.deepStrictEqual(yield* logitsOf(apart, model), yield* logitsOf(whole, model))
      const settings = JSON.parse(yield* fs.readFileString(`${apart}/config.json`))["transformers.js_config"]
      assert.deepStrictEqual(settings, { dtype: "fp32", use_external_data_format: { "model.onnx": 1 } })
    }).pipe(Effect.scoped)
  )

  it.effect("stores weights in 16 or 8 bits under the names that transformers.js gives such files", () =>
    Effect.gen(function* () {
      const wide = "fixtures/model/untied-scaled-sharded" // stored as float32
      const { together: wanted } = yield* logitsOf(yield* exported(wide, "onnx"), wide)
      for (const [dtype, file, allowed] of [
        ["float16", "model_fp16", halfTolerance],
        ["int8", "model_quantized", int8Tolerance]
      ] as const) {
        const { inTwo, together } = yield* logitsOf(yield* exported(wide, "onnx", { dtype }), wide, file)
        assert.isBelow(distance(together, wanted), allowed)
        assert.isAbove(distance(together, wanted), 0)
        assert.isBelow(distance(inTwo, together), tolerance)
      }
    }).pipe(Effect.scoped)
  )

  it.effect("writes the files that transformers.js asks for, the shape of the cache said in config.json", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const folder = yield* exported("fixtures/model/smollm2", "onnx")
      assert.deepStrictEqual((yield* fs.readDirectory(folder)).toSorted(), [
        "config.json",
        "generation_config.json",
        "onnx",
        "tokenizer.json",
        "tokenizer_config.json"
      ])
      const { config, configFile } = yield* openCheckpoint("fixtures/model/smollm2", "causal")
      assert.deepStrictEqual(JSON.parse(yield* fs.readFileString(`${folder}/config.json`)), {
        ...JSON.parse(JSON.stringify(configFile)),
        head_dim: config.head_dim,
        num_key_value_heads: config.num_key_value_heads,
        "transformers.js_config": { dtype: "fp32" }
      })
      assert.deepStrictEqual(JSON.parse(yield* fs.readFileString(`${folder}/generation_config.json`)), {
        bos_token_id: 1,
        eos_token_id: 3,
        pad_token_id: 0
      })
    }).pipe(Effect.scoped)
  )
})
