import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import { models, readConfig } from "../../src/model/mod.ts"

const minimal = {
  model_type: "llama",
  vocab_size: 10,
  hidden_size: 8,
  intermediate_size: 16,
  num_hidden_layers: 1,
  num_attention_heads: 2,
  max_position_embeddings: 16,
  rms_norm_eps: 1e-6
}

const read = (config: unknown) =>
  readConfig({
    path: "m/config.json",
    text: typeof config === "string" ? config : JSON.stringify(config),
    known: Object.keys(models)
  })

const refused = (config: unknown): string => Result.getOrThrow(Result.flip(read(config))).message

const layersOf = (config: object) => Result.getOrThrow(read({ ...minimal, num_hidden_layers: 3, ...config })).sliding

describe("readConfig()", () => {
  it("fills in the defaults of transformers", () => {
    assert.deepStrictEqual(Result.getOrThrow(read(minimal)), {
      ...minimal,
      num_key_value_heads: 2,
      head_dim: 4,
      rope_theta: 10_000,
      rope_scaling: undefined,
      tie_word_embeddings: false,
      attention_bias: false,
      mlp_bias: false,
      initializer_range: 0.02
    })
  })

  it("refuses what it cannot compute, by key", () => {
    assert.strictEqual(
      refused({ ...minimal, model_type: "mamba" }),
      'Cannot read the model config "m/config.json": "model_type" is "mamba", wanted one of "llama", "mistral", "qwen2", "qwen3", "gemma2", "phi3"'
    )
    assert.strictEqual(
      refused({ ...minimal, hidden_act: "gelu" }),
      'Cannot read the model config "m/config.json": "hidden_act" is "gelu", wanted "silu"'
    )
    assert.strictEqual(
      refused({ ...minimal, num_key_value_heads: 3 }),
      'Cannot read the model config "m/config.json": "num_key_value_heads" is 3, wanted a divisor of 2 attention heads'
    )
  })

  it("reads a YaRN scaling with the defaults of transformers, 0.1·ln 2 + 1 for the magnitude", () => {
    const rope_scaling = { type: "yarn", factor: 2, original_max_position_embeddings: 8 }
    assert.deepStrictEqual(Result.getOrThrow(read({ ...minimal, rope_scaling })).rope_scaling, {
      rope_type: "yarn",
      factor: 2,
      attention_factor: 0.1 * Math.LN2 + 1,
      beta_fast: 32,
      beta_slow: 1,
      original_max_position_embeddings: 8
    })
  })

  it("reads which layers slide: all of Mistral's, every other of Gemma 2's, the upper ones of Qwen's when told to", () => {
    const [near, all] = ["sliding_attention", "full_attention"] as const
    const window = { sliding_window: 7 }
    const upper = { model_type: "qwen2", ...window, max_window_layers: 2 }
    assert.deepStrictEqual(layersOf({ model_type: "mistral", ...window }), {
      ...window,
      layer_types: [near, near, near]
    })
    assert.deepStrictEqual(layersOf({ model_type: "gemma2", ...window }), { ...window, layer_types: [near, all, near] })
    assert.deepStrictEqual(layersOf({ ...upper, use_sliding_window: true }), {
      ...window,
      layer_types: [all, all, near]
    })
    assert.deepStrictEqual(layersOf({ model_type: "gemma2", ...window, layer_types: [all, all, near] }), {
      ...window,
      layer_types: [all, all, near]
    })
    assert.strictEqual(layersOf({ ...upper, use_sliding_window: false }), undefined)
    assert.strictEqual(layersOf({ model_type: "mistral", sliding_window: null }), undefined)
    assert.strictEqual(layersOf({ model_type: "phi3" }), undefined)
    assert.strictEqual(layersOf({ model_type: "llama", ...window }), undefined)
  })

  it("fills in what Gemma 2's files leave out, and takes null for no bound", () => {
    const gemma2 = { ...minimal, model_type: "gemma2", attn_logit_softcapping: null }
    const { tie_word_embeddings, head_dim, softcapping, sliding } = Result.getOrThrow(read(gemma2))
    assert.deepStrictEqual(
      { tie_word_embeddings, head_dim, softcapping, sliding },
      {
        tie_word_embeddings: true,
        head_dim: 256,
        softcapping: { query_pre_attn_scalar: 256, final_logit_softcapping: 30 },
        sliding: { sliding_window: 4096, layer_types: ["sliding_attention"] }
      }
    )
  })

  const scalings =
    'null, or a "rope_type" of "linear" with its "factor", "llama3" with its four numbers, or "yarn" without "mscale"'
  const refusals: ReadonlyArray<readonly [config: object, message: string]> = [
    [
      { rope_scaling: { rope_type: "dynamic", factor: 2 } },
      `"rope_scaling" is {"rope_type":"dynamic","factor":2}, wanted ${scalings}`
    ],
    [
      { model_type: "phi3", rope_scaling: { type: "longrope", short_factor: [1], long_factor: [2] } },
      '"rope_scaling" is {"type":"longrope","short_factor":[1],"long_factor":[2]}, wanted null for "phi3"'
    ],
    [
      { rope_parameters: { rope_type: "yarn", factor: 2, mscale: 1 } },
      `"rope_parameters" is {"rope_type":"yarn","factor":2,"mscale":1}, wanted ${scalings}`
    ],
    [
      { rope_parameters: { full_attention: { rope_type: "default" } } },
      `"rope_parameters" is {"full_attention":{"rope_type":"default"}}, wanted ${scalings}`
    ],
    [
      { model_type: "phi3", rope_scaling: { type: "yarn", factor: 2 } },
      '"rope_scaling" is {"type":"yarn","factor":2}, wanted null for "phi3"'
    ],
    [{ rope_interleaved: true }, '"rope_interleaved" is true, wanted false'],
    [{ partial_rotary_factor: 0.5 }, '"partial_rotary_factor" is 0.5, wanted 1 for "llama"'],
    [
      { model_type: "phi3", partial_rotary_factor: 0.75 },
      '"partial_rotary_factor" is 0.75, wanted an even part of the 4 features of a head'
    ],
    [{ model_type: "mistral", attention_bias: true }, '"attention_bias" is true, wanted false for "mistral"'],
    [{ model_type: "qwen3", mlp_bias: true }, '"mlp_bias" is true, wanted false for "qwen3"'],
    [{ head_dim: 3 }, '"head_dim" is 3, wanted an even integer'],
    [{ model_type: "gemma2", hidden_activation: "gelu" }, '"hidden_activation" is "gelu", wanted "gelu_pytorch_tanh"'],
    [
      { model_type: "gemma2", use_bidirectional_attention: true },
      '"use_bidirectional_attention" is true, wanted false'
    ],
    [
      { model_type: "gemma2", layer_types: ["chunked_attention"] },
      '"layer_types" is ["chunked_attention"], wanted 1 of "sliding_attention" or "full_attention"'
    ],
    [
      { model_type: "gemma2", layer_types: ["full_attention", "full_attention"] },
      '"layer_types" is ["full_attention","full_attention"], wanted 1 of "sliding_attention" or "full_attention"'
    ],
    [
      { model_type: "mistral", layer_types: ["full_attention"] },
      '"layer_types" is ["full_attention"], wanted only "sliding_attention" for "mistral"'
    ],
    [
      { model_type: "gemma2", sliding_window: null, layer_types: ["sliding_attention"] },
      '"sliding_window" is null, wanted a number of tokens, as "layer_types" has "sliding_attention"'
    ]
  ]
  for (const [config, message] of refusals) {
    it(`refuses ${JSON.stringify(config)}`, () => {
      assert.strictEqual(refused({ ...minimal, ...config }), `Cannot read the model config "m/config.json": ${message}`)
    })
  }

  it("refuses text that is no config, by key and by kind", () => {
    assert.strictEqual(
      refused(""),
      'Cannot read the model config "m/config.json": found an empty file, wanted a JSON object'
    )
    assert.include(refused({ ...minimal, hidden_size: "8" }), '"hidden_size": Expected number')
    assert.include(refused({ ...minimal, vocab_size: undefined }), '"vocab_size": Missing key')
  })
})
