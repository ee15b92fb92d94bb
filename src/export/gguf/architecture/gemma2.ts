import type { ModelConfig } from "../../../model/mod.ts"
import { ConfigUnsupported } from "../../errors.ts"
import type { Architecture } from "./Architecture.ts"

/** The largest Gemma 2, by its layers: the one whose scores are divided by √(hidden_size / heads) and not by √head_dim. */
const largestLayers = 46

const unfit = (key: string, found: unknown, wanted: string) =>
  new ConfigUnsupported({ key, found: JSON.stringify(found) ?? "absent", wanted })

const refuse = (config: ModelConfig): ConfigUnsupported | undefined => {
  const { attention_bias, sliding, softcapping, tie_word_embeddings } = config
  if (attention_bias) return unfit("attention_bias", true, "false")
  if (!tie_word_embeddings) return unfit("tie_word_embeddings", false, "true")
  for (const key of ["attn_logit_softcapping", "final_logit_softcapping"] as const)
    if (softcapping?.[key] === undefined) return unfit(key, null, "a number")
  const types = sliding?.layer_types ?? []
  const alternates = types.every((type, i) => type === (i % 2 === 0 ? "sliding_attention" : "full_attention"))
  return sliding && alternates
    ? undefined
    : unfit("layer_types", types, '"sliding_attention" and "full_attention" by turns')
}

/** Gemma 2, whose norms are stored less 1. */
export const gemma2: Architecture = {
  name: "gemma2",
  pairs: "halves",
  scalings: [],
  windows: true,
  names: { post_attention_layernorm: "post_attention_norm" },
  normShift: 1,
  queryScale: ({ head_dim, hidden_size, num_attention_heads, num_hidden_layers, softcapping }) => {
    const used = num_hidden_layers === largestLayers ? hidden_size / num_attention_heads : head_dim
    return Math.sqrt(used / (softcapping?.query_pre_attn_scalar ?? used))
  },
  refuse,
  metadata: ({ sliding, softcapping }) => ({
    ...(sliding ? { "attention.sliding_window": { uint32: sliding.sliding_window } } : {}),
    attn_logit_softcapping: { float32: softcapping?.attn_logit_softcapping ?? 0 },
    final_logit_softcapping: { float32: softcapping?.final_logit_softcapping ?? 0 }
  })
}
