import type { ModelConfig } from "../src/model/mod.ts"

/** The 27 M shape that every peer is measured on. */
export const shape27M: ModelConfig = {
  model_type: "llama",
  vocab_size: 8192,
  hidden_size: 512,
  intermediate_size: 1376,
  num_hidden_layers: 8,
  num_attention_heads: 8,
  num_key_value_heads: 4,
  head_dim: 64,
  max_position_embeddings: 512,
  rms_norm_eps: 1e-5,
  rope_theta: 10_000,
  rope_scaling: undefined,
  tie_word_embeddings: true,
  attention_bias: false,
  mlp_bias: false,
  initializer_range: 0.02
}

/** Weights of the matrices, embedding as head included. */
export const parameterCount = 27.4e6
