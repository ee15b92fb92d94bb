/** Which layers see only the last `sliding_window` tokens, and what stands where a key is absent. */
export interface SlidingRules {
  /** Where "layer_types" is absent. "every" knows no "layer_types". */
  readonly layers: "every" | "everyOther" | "upper"
  /** Where "sliding_window" is absent. Units: tokens. */
  readonly window: number | null
  /** Whether "use_sliding_window" must be true. */
  readonly switched: boolean
}

/** How the `config.json` of one family is read: what its keys mean to transformers, and what stands where one is absent. */
export interface ConfigRules {
  /** The key that names the activation, and the only one that is computed. */
  readonly activation: { readonly key: "hidden_act" | "hidden_activation"; readonly wanted: string }
  /** Whether head and embedding share their weight where "tie_word_embeddings" is absent. */
  readonly tied: boolean
  /** Which biases the family can have. */
  readonly biases: ReadonlyArray<"attention_bias" | "mlp_bias">
  /** Where "head_dim" is absent; `hidden_size / num_attention_heads` when absent here too. */
  readonly headDim?: number
  /** "scaled": the whole head turns, and "rope_scaling" is read; "partial": a "partial_rotary_factor", and no scaling. */
  readonly rope: "scaled" | "partial"
  /** Absent where the family knows no window. */
  readonly sliding?: SlidingRules
  /** Where the keys of `Softcapping` are absent; absent where the family bounds nothing. */
  readonly softcapping?: {
    readonly query_pre_attn_scalar: number
    readonly attn_logit_softcapping: number
    readonly final_logit_softcapping: number
  }
}

const gated = {
  activation: { key: "hidden_act", wanted: "silu" },
  tied: false,
  biases: [],
  rope: "scaled"
} as const satisfies ConfigRules

const upper = { layers: "upper", window: 4096, switched: true } as const

/** The rules of every family by its `model_type`; `models` has the same rows. */
export const configRules = {
  llama: { ...gated, biases: ["attention_bias", "mlp_bias"] },
  mistral: { ...gated, sliding: { layers: "every", window: 4096, switched: false } },
  qwen2: { ...gated, sliding: upper },
  qwen3: { ...gated, biases: ["attention_bias"], headDim: 128, sliding: upper },
  gemma2: {
    ...gated,
    activation: { key: "hidden_activation", wanted: "gelu_pytorch_tanh" },
    tied: true,
    biases: ["attention_bias"],
    headDim: 256,
    sliding: { layers: "everyOther", window: 4096, switched: false },
    softcapping: { query_pre_attn_scalar: 256, attn_logit_softcapping: 50, final_logit_softcapping: 30 }
  },
  phi3: { ...gated, rope: "partial", sliding: { layers: "every", window: null, switched: false } }
} as const satisfies Record<string, ConfigRules>
