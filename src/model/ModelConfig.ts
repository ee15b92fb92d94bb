import { Schema } from "effect"

const Positive = Schema.Finite.check(Schema.isGreaterThan(0))
const Count = Schema.Int.check(Schema.isGreaterThan(0))
const TokenIds = Schema.Union([Schema.Int, Schema.Array(Schema.Int)])

const RopeScaling = Schema.StructWithRest(
  Schema.Struct({
    rope_type: Schema.optionalKey(Schema.String),
    type: Schema.optionalKey(Schema.String),
    rope_theta: Schema.optionalKey(Positive),
    factor: Schema.optionalKey(Positive),
    low_freq_factor: Schema.optionalKey(Positive),
    high_freq_factor: Schema.optionalKey(Positive),
    original_max_position_embeddings: Schema.optionalKey(Count)
  }),
  [Schema.Record(Schema.String, Schema.Unknown)]
)

/** The keys of a Llama-shaped `config.json` that change the computation; all others are kept and written back. */
export const ModelConfigFile = Schema.StructWithRest(
  Schema.Struct({
    model_type: Schema.String,
    vocab_size: Count,
    hidden_size: Count,
    intermediate_size: Count,
    num_hidden_layers: Count,
    num_attention_heads: Count,
    num_key_value_heads: Schema.optionalKey(Count),
    head_dim: Schema.optionalKey(Schema.NullOr(Count)),
    hidden_act: Schema.optionalKey(Schema.String),
    max_position_embeddings: Count,
    rms_norm_eps: Positive,
    rope_theta: Schema.optionalKey(Positive),
    rope_scaling: Schema.optionalKey(Schema.NullOr(RopeScaling)),
    rope_parameters: Schema.optionalKey(Schema.NullOr(RopeScaling)),
    tie_word_embeddings: Schema.optionalKey(Schema.Boolean),
    attention_bias: Schema.optionalKey(Schema.Boolean),
    mlp_bias: Schema.optionalKey(Schema.Boolean),
    initializer_range: Schema.optionalKey(Positive),
    bos_token_id: Schema.optionalKey(Schema.NullOr(Schema.Int)),
    eos_token_id: Schema.optionalKey(Schema.NullOr(TokenIds)),
    pad_token_id: Schema.optionalKey(Schema.NullOr(Schema.Int)),
    architectures: Schema.optionalKey(Schema.Array(Schema.String))
  }),
  [Schema.Record(Schema.String, Schema.Unknown)]
)
export type ModelConfigFile = typeof ModelConfigFile.Type

/** Llama 3's stretching of the rotary wavelengths. */
export interface Llama3Scaling {
  readonly factor: number
  readonly low_freq_factor: number
  readonly high_freq_factor: number
  readonly original_max_position_embeddings: number
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
  readonly rope_scaling: Llama3Scaling | undefined
  readonly tie_word_embeddings: boolean
  readonly attention_bias: boolean
  readonly mlp_bias: boolean
  readonly initializer_range: number
}
