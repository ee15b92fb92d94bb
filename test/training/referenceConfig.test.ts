import { assert, layer } from "@effect/vitest"
import { Effect, FileSystem, Path } from "effect"
import { chooseLoss } from "../../src/loss/mod.ts"
import { openShape } from "../../src/checkpoint/mod.ts"
import { train } from "../../src/training/mod.ts"
import { checkReference } from "../../src/training/check/checkReference.ts"
import { openReference } from "../../src/training/reference.ts"
import { Services } from "../recordings.ts"
import { bytesOf, model, request } from "./request.ts"

const gemma = "fixtures/model/gemma2"

/** A copy of a model of equal weights, with some keys of its `config.json` replaced. */
const withConfig = Effect.fnUntraced(function* (folder: string, changes: Readonly<Record<string, unknown>>) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const copy = path.join(yield* fs.makeTempDirectoryScoped(), "reference")
  yield* fs.copy(folder, copy)
  const file = path.join(copy, "config.json")
  const config: unknown = JSON.parse(yield* fs.readFileString(file))
  yield* fs.writeFileString(file, JSON.stringify(Object.assign({}, config, changes)))
  return copy
})

const llama3 = {
  rope_type: "llama3",
  rope_theta: 500,
  factor: 4,
  high_freq_factor: 4,
  low_freq_factor: 1,
  original_max_position_embeddings: 16
}

/** Keys that leave every weight in its shape and change what the model says. */
const changes = [
  [model, { rms_norm_eps: 1e-5 }, "rms_norm_eps", "0.00001", "0.000001"],
  [model, { rope_parameters: { ...llama3, rope_theta: 1000 } }, "rope_theta", "1000", "500"],
  [model, { rope_parameters: { ...llama3, factor: 8 } }, "rope_scaling.factor", "8", "4"],
  [
    model,
    { rope_parameters: { rope_type: "default", rope_theta: 500 } },
    "rope_scaling.rope_type",
    "absent",
    '"llama3"'
  ],
  [model, { num_attention_heads: 2, head_dim: 16, num_key_value_heads: 1 }, "num_attention_heads", "2", "4"],
  [gemma, { sliding_window: 4 }, "sliding_window", "4", "5"],
  [
    gemma,
    { layer_types: ["full_attention", "sliding_attention"] },
    "layer_types",
    '["full_attention","sliding_attention"]',
    '["sliding_attention","full_attention"]'
  ],
  [gemma, { attn_logit_softcapping: null }, "attn_logit_softcapping", "absent", "2"],
  [gemma, { final_logit_softcapping: 30 }, "final_logit_softcapping", "30", "1"],
  [gemma, { query_pre_attn_scalar: 16 }, "query_pre_attn_scalar", "16", "10"]
] as const

layer(Services)("checkReference()", (it) => {
  for (const [folder, change, key, found, wanted] of changes) {
    it.effect(`refuses a reference with ${JSON.stringify(change)}`, () =>
      Effect.gen(function* () {
        const { config } = yield* openShape(folder)
        const reference = yield* withConfig(folder, change)
        const error = yield* Effect.flip(checkReference(reference, config))
        assert.deepInclude({ ...error }, { _tag: "ReferenceConfigDiffers", reference, key, found, wanted })
      }).pipe(Effect.scoped)
    )
  }

  it.effect("accepts the model itself, with another context or other fresh weights", () =>
    Effect.gen(function* () {
      const { config } = yield* openShape(model)
      yield* checkReference(model, config)
      yield* checkReference(
        yield* withConfig(model, { max_position_embeddings: 128, initializer_range: 0.5, use_cache: false }),
        config
      )
    }).pipe(Effect.scoped)
  )
})

layer(Services)("train() with a reference of another config", (it) => {
  it.effect("is refused before a weight is loaded, and only where the loss asks the reference", () =>
    Effect.gen(function* () {
      const { fs, into, made, steps } = yield* request
      const reference = yield* withConfig(model, { rms_norm_eps: 1e-5 })
      const error = yield* Effect.flip(train({ ...made, reference }))
      assert.strictEqual(
        error.message,
        `Cannot train from "${model}": "rms_norm_eps" of the reference "${reference}" is 0.00001, wanted 0.000001 as in the model that is trained, whose graphs it runs through`
      )
      assert.deepStrictEqual([steps.length, yield* fs.exists(into)], [0, false])
      yield* train({ ...made, reference, objective: chooseLoss("simpo", {}) })
      assert.isTrue(yield* fs.exists(into))
    }).pipe(Effect.scoped)
  )

  it.effect("of the same config in a longer context gives the bytes of the model itself", () =>
    Effect.gen(function* () {
      const { into, made, path } = yield* request
      const plain = path.join(path.dirname(into), "plain")
      yield* train({ ...made, into: plain })
      yield* train({ ...made, reference: yield* withConfig(model, { max_position_embeddings: 128 }) })
      assert.strictEqual(yield* bytesOf(into), yield* bytesOf(plain))
    }).pipe(Effect.scoped)
  )
})

layer(Services)("openReference()", (it) => {
  it.effect("names the weight whose shape is another", () =>
    Effect.gen(function* () {
      const shapes = new Map([["model.norm.weight", [33]]])
      const error = yield* Effect.flip(Effect.scoped(openReference(model, shapes)))
      assert.strictEqual(
        error.message,
        `weight "model.norm.weight" of the reference "${model}" has shape [32], wanted [33] as in the model that is trained`
      )
    })
  )
})
