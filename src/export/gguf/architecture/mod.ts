/**
 * Families as llama.cpp computes them.
 *
 * ```ts
 * const architecture = architectures[config.model_type]
 * ```
 */
import type { models } from "../../../model/mod.ts"
import type { Architecture } from "./Architecture.ts"
import { gemma2 } from "./gemma2.ts"
import { llama } from "./llama.ts"
import { phi3 } from "./phi3.ts"
import { qwen2 } from "./qwen2.ts"
import { qwen3 } from "./qwen3.ts"

/** Every family that a GGUF file can hold, by the `model_type` of its `config.json`. */
export const architectures = { llama, mistral: llama, qwen2, qwen3, gemma2, phi3 } satisfies Partial<
  Record<keyof typeof models, Architecture>
>

export type { Architecture } from "./Architecture.ts"
