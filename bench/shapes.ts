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

/** The shapes whose memory is measured: without a budget, and with one that layers have to be recomputed for. */
export const memoryShapes: Readonly<Record<string, MemoryShape>> = {
  "27 M, 8 x 256": { config: shape27M, pairs: 4, tokens: 256 },
  "27 M, 8 x 256, budget": { config: shape27M, pairs: 4, tokens: 256, budget: 1.1e9 },
  "135 M, 2 x 512": { config: shape135M, pairs: 1, tokens: 512 },
  "135 M, 2 x 512, budget": { config: shape135M, pairs: 1, tokens: 512, budget: 3.2e9 },
  "135 M, 4 x 512, budget": { config: shape135M, pairs: 2, tokens: 512, budget: 3.6e9 },
  "0.5 B LoRA, 2 x 512": { config: shape500M, lora, pairs: 1, tokens: 512 },
  "0.5 B LoRA, 2 x 512, budget": { config: shape500M, lora, pairs: 1, tokens: 512, budget: 3.6e9 }
}
