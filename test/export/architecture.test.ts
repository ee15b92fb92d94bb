import { assert, layer } from "@effect/vitest"
import { Effect, Result } from "effect"
import { openSource } from "../../src/checkpoint/mod.ts"
import { architectures } from "../../src/export/gguf/architecture/mod.ts"
import { describeModel } from "../../src/export/gguf/describeModel.ts"
import type { MetadataValue } from "../../src/export/gguf/Metadata.ts"
import { layoutTensors } from "../../src/export/gguf/layoutTensors.ts"
import { tensorTypes } from "../../src/export/gguf/tensorTypes.ts"
import type { ModelConfig } from "../../src/model/mod.ts"
import { Services } from "../recordings.ts"

type Name = keyof typeof architectures

/** A fixture of a family, and its tensors as llama.cpp wants them, by name. */
const opened = Effect.fnUntraced(function* (fixture: string, name: Name, change: Partial<ModelConfig> = {}) {
  const found = yield* openSource(`fixtures/model/${fixture}`)
  const source = { ...found, config: { ...found.config, ...change } }
  const laid = layoutTensors({ source, onWeight: Effect.void }, architectures[name], tensorTypes.F32)
  const tensors = new Map(laid.map((tensor) => [tensor.name, tensor]))
  const valuesOf = (tensor: string) =>
    Effect.map(tensors.get(tensor)?.load ?? Effect.succeed(new Float32Array()), (xs) => [...xs])
  return { source, names: [...tensors.keys()], valuesOf }
})

/** What the metadata says under these keys of the architecture, or why there is none. */
const described = (name: Name, config: ModelConfig, ...keys: ReadonlyArray<string>) =>
  Result.match(describeModel(config, architectures[name]), {
    onFailure: ({ message }) => message,
    onSuccess: (metadata): string | ReadonlyArray<MetadataValue | undefined> =>
      keys.map((key) => metadata[`${architectures[name].name}.${key}`])
  })

const projections = ["attn_q.weight", "attn_k.weight", "attn_v.weight"]
const rest = ["attn_norm.weight", "attn_output.weight", "ffn_norm.weight", "ffn_up.weight", "ffn_down.weight"]

/** The names that llama.cpp gives the tensors of a layer. */
const layerOf: Readonly<Record<Exclude<Name, "llama">, ReadonlyArray<string>>> = {
  mistral: [...projections, ...rest, "ffn_gate.weight"],
  qwen2: [...projections, ...rest, "ffn_gate.weight", "attn_q.bias", "attn_k.bias", "attn_v.bias"],
  qwen3: [...projections, ...rest, "ffn_gate.weight", "attn_q_norm.weight", "attn_k_norm.weight"],
  gemma2: [...projections, ...rest, "ffn_gate.weight", "post_attention_norm.weight", "post_ffw_norm.weight"],
  phi3: [...rest, "attn_qkv.weight"] // the gate lies in front of what goes up
}

const plusOne = (xs: ReadonlyArray<number>) => xs.map((x) => Math.fround(x + 1))

layer(Services)("gguf", (it) => {
  it.effect("names the tensors of each family as llama.cpp does", () =>
    Effect.gen(function* () {
      for (const [family, wanted] of Object.entries(layerOf)) {
        const { names } = yield* opened(family, family as Name) // as: a key of the table
        const all = [0, 1].flatMap((i) => wanted.map((name) => `blk.${i}.${name}`))
        assert.deepStrictEqual(names.toSorted(), ["token_embd.weight", "output_norm.weight", ...all].toSorted(), family)
      }
      const { names } = yield* opened("untied-scaled-sharded", "llama")
      assert.include(names, "output.weight")
    })
  )

  it.effect("writes queries by their heads in llama.cpp's order for Llama, and as they are for halves", () =>
    Effect.gen(function* () {
      const { source, valuesOf } = yield* opened("tied-bias-bfloat16", "llama")
      const values = [...(yield* source.load("model.layers.1.self_attn.q_proj.bias"))]
      // 4 heads of 16: 0, 8, 1, 9, … and then 16, 24, 17, 25, …
      const order = values.map((_, i) => 16 * Math.floor(i / 16) + (i % 2) * 8 + Math.floor((i % 16) / 2))
      assert.deepStrictEqual(
        yield* valuesOf("blk.1.attn_q.bias"),
        order.map((i) => values[i])
      )
      const qwen = yield* opened("qwen2", "qwen2")
      const own = [...(yield* qwen.source.load("model.layers.1.self_attn.q_proj.bias"))]
      assert.deepStrictEqual(yield* qwen.valuesOf("blk.1.attn_q.bias"), own)
    })
  )

  it.effect("adds what Gemma 2 leaves out of its norms, and scales its queries for llama.cpp's divisor", () =>
    Effect.gen(function* () {
      const { source, valuesOf } = yield* opened("gemma2", "gemma2")
      const load = (name: string) => Effect.map(source.load(name), (xs) => [...xs])
      for (const [ours, theirs] of [
        ["model.layers.1.post_feedforward_layernorm.weight", "blk.1.post_ffw_norm.weight"],
        ["model.norm.weight", "output_norm.weight"]
      ] as const) {
        assert.deepStrictEqual(yield* valuesOf(theirs), plusOne(yield* load(ours)))
      }
      const key = yield* load("model.layers.0.self_attn.k_proj.weight")
      assert.deepStrictEqual(yield* valuesOf("blk.0.attn_k.weight"), key)
      const query = yield* load("model.layers.0.self_attn.q_proj.weight")
      const times = (x: number) => query.map((value) => Math.fround(value * x))
      // scores are wanted over √query_pre_attn_scalar = √10; llama.cpp divides by √head_dim = √16
      assert.deepStrictEqual(yield* valuesOf("blk.0.attn_q.weight"), times(Math.sqrt(16 / 10)))
      // and of the model with 46 layers by √(hidden_size / heads) = √(24/4)
      const large = yield* opened("gemma2", "gemma2", { num_hidden_layers: 46 })
      assert.deepStrictEqual(yield* large.valuesOf("blk.0.attn_q.weight"), times(Math.sqrt(6 / 10)))
    })
  )

  it.effect("keeps a Llama 3 scaling in a tensor of its own, and other scalings in the metadata", () =>
    Effect.gen(function* () {
      const llama3 = {
        rope_type: "llama3",
        factor: 8,
        low_freq_factor: 1,
        high_freq_factor: 4,
        original_max_position_embeddings: 16
      } as const
      const { names, source, valuesOf } = yield* opened("tied-bias-bfloat16", "llama", { rope_scaling: llama3 })
      assert.strictEqual(names.at(-1), "rope_freqs.weight")
      assert.strictEqual((yield* valuesOf("rope_freqs.weight")).at(-1), 8)
      const keys = ["rope.scaling.type", "rope.scaling.factor", "rope.scaling.original_context_length"]
      const scaled = (name: Name, rope_scaling: NonNullable<ModelConfig["rope_scaling"]>) =>
        described(name, { ...source.config, rope_scaling }, ...keys)
      assert.deepStrictEqual(scaled("llama", llama3), [undefined, undefined, undefined])
      const linear = { rope_type: "linear", factor: 4 } as const
      assert.deepStrictEqual(scaled("llama", linear), [{ string: "linear" }, { float32: 4 }, undefined])
      const yarn = {
        rope_type: "yarn",
        factor: Math.E ** 2, // YaRN: 0.1·log factor + 1 = 1.2
        attention_factor: 1.2,
        beta_fast: 32,
        beta_slow: 1,
        original_max_position_embeddings: 16
      } as const
      assert.deepStrictEqual(scaled("qwen2", yarn), [{ string: "yarn" }, { float32: Math.E ** 2 }, { uint32: 16 }])
      const refused = [
        scaled("qwen2", { ...yarn, attention_factor: 1.3 }),
        scaled("qwen2", { ...yarn, attention_factor: 1 }),
        scaled("qwen2", { ...yarn, beta_fast: 16 }),
        scaled("qwen2", { ...yarn, beta_slow: 2 }),
        scaled("qwen2", llama3),
        scaled("phi3", linear)
      ]
      assert.deepStrictEqual(
        refused.map((message) => String(message).replace(/^"([^"]*)".*, wanted/, "$1:")),
        [
          "rope_scaling.attention_factor: 1.2, as the factor gives",
          "rope_scaling.attention_factor: 1.2, as the factor gives",
          "rope_scaling.beta_fast: 32",
          "rope_scaling.beta_slow: 1",
          'rope_scaling: absent, or of "rope_type" "linear", or of "rope_type" "yarn"',
          "rope_scaling: absent"
        ]
      )
    })
  )

  it.effect("refuses what llama.cpp does not compute of Qwen3 and Gemma 2", () =>
    Effect.gen(function* () {
      const { source: qwen3 } = yield* opened("qwen3", "qwen3")
      const { source: gemma2 } = yield* opened("gemma2", "gemma2")
      const { config } = gemma2
      const alternating = ["sliding_attention", "full_attention", "sliding_attention", "full_attention"]
      const turned = { layer_types: alternating.with(2, "full_attention"), sliding_window: 5 } as never
      const soft = { ...config.softcapping, final_logit_softcapping: undefined } as never
      assert.deepStrictEqual(
        [
          described("qwen3", { ...qwen3.config, attention_bias: true }),
          described("gemma2", { ...config, attention_bias: true }),
          described("gemma2", { ...config, tie_word_embeddings: false }),
          described("gemma2", { ...config, sliding: turned }),
          described("gemma2", { ...config, softcapping: soft })
        ],
        [
          '"attention_bias" of config.json is true, wanted false',
          '"attention_bias" of config.json is true, wanted false',
          '"tie_word_embeddings" of config.json is false, wanted true',
          '"layer_types" of config.json is ["sliding_attention","full_attention","full_attention","full_attention"], wanted "sliding_attention" and "full_attention" by turns',
          '"final_logit_softcapping" of config.json is null, wanted a number'
        ]
      )
    })
  )
})
