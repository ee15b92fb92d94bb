import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import { readConfig } from "../../src/model/mod.ts"

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
    known: ["llama"]
  })

const refused = (config: unknown): string => Result.getOrThrow(Result.flip(read(config))).message

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
      'Cannot read the model config "m/config.json": "model_type" is "mamba", wanted one of "llama"'
    )
    assert.strictEqual(
      refused({ ...minimal, hidden_act: "gelu" }),
      'Cannot read the model config "m/config.json": "hidden_act" is "gelu", wanted "silu"'
    )
    assert.strictEqual(
      refused({ ...minimal, rope_scaling: { rope_type: "yarn", factor: 2 } }),
      'Cannot read the model config "m/config.json": "rope_scaling" is {"rope_type":"yarn","factor":2}, wanted null, or {"rope_type":"llama3"} with its four numbers'
    )
    assert.strictEqual(
      refused({ ...minimal, num_key_value_heads: 3 }),
      'Cannot read the model config "m/config.json": "num_key_value_heads" is 3, wanted a divisor of 2 attention heads'
    )
  })

  it("refuses text that is no config, by key and by kind", () => {
    assert.strictEqual(
      refused(""),
      'Cannot read the model config "m/config.json": found an empty file, wanted a JSON object'
    )
    assert.include(refused({ ...minimal, hidden_size: "8" }), '"hidden_size": Expected number')
    assert.include(refused({ ...minimal, vocab_size: undefined }), '"vocab_size": Missing key')
  })
})
