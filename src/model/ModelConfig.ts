import { Schema } from "effect"
import type { RopeScaling } from "./config/RopeScaling.ts"

const Positive = Schema.Finite.check(Schema.isGreaterThan(0))
const Count = Schema.Int.check(Schema.isGreaterThan(0))
const TokenIds = Schema.Union([Schema.Int, Schema.Array(Schema.Int)])
const optional = <S extends Schema.Top>(schema: S) => Schema.optionalKey(Schema.NullOr(schema))

const RopeParameters = Schema.StructWithRest(
  Schema.Struct({
    rope_type: Schema.optionalKey(Schema.String),
    type: Schema.optionalKey(Schema.String),
    rope_theta: Schema.optionalKey(Positive),
    partial_rotary_factor: Schema.optionalKey(Positive),
    factor: Schema.optionalKey(Positive),
    low_freq_factor: Schema.optionalKey(Positive),
    high_freq_factor: Schema.optionalKey(Positive),
    original_max_position_embeddings: Schema.optionalKey(Count),
    attention_factor: optional(Positive),
    beta_fast: optional(Positive),
    beta_slow: optional(Positive)
  }),
  [Schema.Record(Schema.String, Schema.Unknown)]
)
export type RopeParameters = typeof RopeParameters.Type

/** The keys of a `config.json` that change the computation; all others are kept and written back. */
export const ModelConfigFile = Schema.StructWithRest(
  Schema.Struct({
    model_type: Schema.String,
    vocab_size: Count,
    hidden_size: Count,
    intermediate_size: Count,
    num_hidden_layers: Count,
    num_attention_heads: Count,
    num_key_value_heads: optional(Count),
    head_dim: optional(Count),
    hidden_act: Schema.optionalKey(Schema.String),
    hidden_activation: optional(Schema.String),
    max_position_embeddings: Count,
    rms_norm_eps: Positive,
    rope_theta: Schema.optionalKey(Positive),
    rope_scaling: optional(RopeParameters),
    rope_parameters: optional(RopeParameters),
    rope_interleaved: Schema.optionalKey(Schema.Boolean),
    partial_rotary_factor: optional(Positive),
    tie_word_embeddings: Schema.optionalKey(Schema.Boolean),
    attention_bias: Schema.optionalKey(Schema.Boolean),
    mlp_bias: Schema.optionalKey(Schema.Boolean),
    use_sliding_window: optional(Schema.Boolean),
    sliding_window: optional(Count),
    max_window_layers: optional(Schema.Int),
    layer_types: optional(Schema.Array(Schema.String)),
    query_pre_attn_scalar: Schema.optionalKey(Positive),
    attn_logit_softcapping: optional(Positive),
    final_logit_softcapping: optional(Positive),
    use_bidirectional_attention: optional(Schema.Boolean),
    initializer_range: Schema.optionalKey(Positive),
    bos_token_id: optional(Schema.Int),
    eos_token_id: optional(TokenIds),
    pad_token_id: optional(Schema.Int),
    architectures: Schema.optionalKey(Schema.Array(Schema.String))
  }),
  [Schema.Record(Schema.String, Schema.Unknown)]
)
export type ModelConfigFile = typeof ModelConfigFile.Type

/** Layers that see only the tokens near by. Units: window in tokens, the seeing one included. */
export interface SlidingAttention {
  readonly sliding_window: number
  readonly layer_types: ReadonlyArray<"sliding_attention" | "full_attention">
}

/** Bounds on what a tanh may let through, and the number whose root divides the scores; see `gemma2`. */
export interface Softcapping {
  readonly query_pre_attn_scalar: number
  readonly attn_logit_softcapping?: number
  readonly final_logit_softcapping?: number
}

/** A model's shape with every default filled in, in the spelling of `config.json`. */
export interface ModelConfig {
  readonly model_type: string
  readonly vocab_size: number
  readonly hidden_size: number
  readonly intermediate_size: number
  readonly num_hidden_layers: number
  readonly num_attention_heads: number
  readonly num_key_value_heads: number
  readonly head_dim: number
  readonly max_position_embeddings: number
  readonly rms_norm_eps: number
  readonly rope_theta: number
  readonly rope_scaling: RopeScaling | undefined
  /** The part of each head that is rotated; all of it when absent. */
  readonly partial_rotary_factor?: number
  readonly tie_word_embeddings: boolean
  readonly attention_bias: boolean
  readonly mlp_bias: boolean
  readonly initializer_range: number
  /** Every layer sees everything when absent. */
  readonly sliding?: SlidingAttention
  /** Read by Gemma 2 alone. */
  readonly softcapping?: Softcapping
}

/** How far back a layer sees, itself included; undefined where it sees everything. Units: tokens. */
export const windowOf = (config: ModelConfig, layer: number): number | undefined =>
  config.sliding?.layer_types[layer] === "sliding_attention" ? config.sliding.sliding_window : undefined

/** The features of a head that are rotated. */
export const rotaryWidth = (config: ModelConfig): number =>
  Math.trunc(config.head_dim * (config.partial_rotary_factor ?? 1))
