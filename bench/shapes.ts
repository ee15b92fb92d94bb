import type { Lora, ModelConfig } from "../src/model/mod.ts"
import { shape27M } from "./shape.ts"

/** A model and the step that is measured on it. Units: bytes for `budget`. */
export interface MemoryShape {
  readonly config: ModelConfig
  readonly lora?: Lora
  readonly pairs: number
  readonly tokens: number
  readonly budget?: number
}

const shape135M: ModelConfig = {
  ...shape27M,
  vocab_size: 49_152,
  hidden_size: 576,
  intermediate_size: 1536,
  num_hidden_layers: 30,
  num_attention_heads: 9,
  num_key_value_heads: 3
}

const shape500M: ModelConfig = {
  ...shape27M,
  model_type: "qwen2",
  vocab_size: 151_936,
  hidden_size: 896,
  intermediate_size: 4864,
  num_hidden_layers: 24,
  num_attention_heads: 14,
  num_key_value_heads: 2,
  max_position_embeddings: 1024,
  attention_bias: true
}

const lora: Lora = { rank: 16, alpha: 32, rankStabilized: false, targets: "all" }

const deep: ModelConfig = {
  ...shape27M,
  vocab_size: 32_000,
  hidden_size: 320,
  intermediate_size: 960,
  num_hidden_layers: 24,
  num_attention_heads: 5,
  num_key_value_heads: 5
}

const wide: ModelConfig = {
  ...shape27M,
  vocab_size: 16_384,
  hidden_size: 1280,
  intermediate_size: 3584,
  num_hidden_layers: 5,
  num_attention_heads: 20,
  num_key_value_heads: 4,
  max_position_embeddings: 1024
}

const small: ModelConfig = {
  ...shape27M,
  vocab_size: 1024,
  hidden_size: 128,
  intermediate_size: 344,
  num_hidden_layers: 4,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  head_dim: 32
}

const qwen3: ModelConfig = { ...shape27M, model_type: "qwen3", max_position_embeddings: 2048 }

/** The shapes whose memory is measured: without a budget, and with one that layers have to be recomputed for. */
export const memoryShapes: Readonly<Record<string, MemoryShape>> = {
  "27 M, 8 x 256": { config: shape27M, pairs: 4, tokens: 256 },
  "27 M, 8 x 256, budget": { config: shape27M, pairs: 4, tokens: 256, budget: 1.2e9 },
  "135 M, 2 x 512": { config: shape135M, pairs: 1, tokens: 512 },
  "135 M, 2 x 512, 3.9 GB": { config: shape135M, pairs: 1, tokens: 512, budget: 3.9e9 },
  "135 M, 2 x 512, budget": { config: shape135M, pairs: 1, tokens: 512, budget: 3.4e9 },
  "135 M, 4 x 512, budget": { config: shape135M, pairs: 2, tokens: 512, budget: 3.6e9 },
  "0.5 B LoRA, 2 x 512": { config: shape500M, lora, pairs: 1, tokens: 512 },
  "0.5 B LoRA, 2 x 512, budget": { config: shape500M, lora, pairs: 1, tokens: 512, budget: 3.6e9 },
  // held out: nothing of a prediction was fitted to these
  "held out: small, 8 x 128": { config: small, pairs: 4, tokens: 128 },
  "held out: deep 24 layers, 4 x 384": { config: deep, pairs: 2, tokens: 384 },
  "held out: wide 1280, 2 x 768": { config: wide, pairs: 1, tokens: 768 },
  "held out: wide 1280, 2 x 768, budget": { config: wide, pairs: 1, tokens: 768, budget: 2.9e9 },
  "held out: qwen3 27 M LoRA, 4 x 1024": { config: qwen3, lora, pairs: 2, tokens: 1024 },
  "held out: 135 M LoRA, 6 x 256": { config: shape135M, lora, pairs: 3, tokens: 256 }
}
