import { Result } from "effect"
import { type ModelConfig, rotaryWidth } from "../../model/mod.ts"
import { ConfigUnsupported } from "../errors.ts"
import type { Architecture } from "./architecture/mod.ts"
import type { Metadata } from "./Metadata.ts"

/** What llama.cpp blends YaRN by, whatever the config says. Units: turns. */
const yarnDefaults = { beta_fast: 32, beta_slow: 1 } as const

/** Relative difference of two attention factors that is rounding. */
const rounding = 1e-6

type Described = Result.Result<Metadata, ConfigUnsupported>

const unfit = (key: string, found: unknown, wanted: string) =>
  Result.fail(new ConfigUnsupported({ key, found: JSON.stringify(found), wanted }))

const describeScaling = ({ rope_scaling: scaling }: ModelConfig, { scalings }: Architecture): Described => {
  if (!scaling) return Result.succeed({})
  const kind = scaling.rope_type
  if (!scalings.includes(kind)) {
    const wanted = ["absent", ...scalings.map((name) => `of "rope_type" "${name}"`)].join(", or ")
    return unfit("rope_scaling", scaling, wanted)
  }
  // Llama 3's scaling lies in a tensor of its own: see ropeFactors
  if (kind === "llama3") return Result.succeed({})
  const common: Metadata = {
    "rope.scaling.type": { string: kind },
    "rope.scaling.factor": { float32: scaling.factor }
  }
  if (kind === "linear") return Result.succeed(common)
  const usual = 0.1 * Math.log(scaling.factor) + 1
  if (Math.abs(scaling.attention_factor / usual - 1) > rounding)
    return unfit("rope_scaling.attention_factor", scaling.attention_factor, `${usual}, as the factor gives`)
  for (const key of ["beta_fast", "beta_slow"] as const)
    if (scaling[key] !== yarnDefaults[key]) return unfit(`rope_scaling.${key}`, scaling[key], `${yarnDefaults[key]}`)
  return Result.succeed({
    ...common,
    "rope.scaling.original_context_length": { uint32: scaling.original_max_position_embeddings }
  })
}

/** The tokens within which the architecture computes what the config says. */
const contextLength = (config: ModelConfig, { windows }: Architecture): number =>
  config.sliding && !windows
    ? Math.min(config.max_position_embeddings, config.sliding.sliding_window)
    : config.max_position_embeddings

/**
 * The shape of a model as the metadata of its architecture.
 *
 * Source   The keys of the GGUF specification, under the name of the architecture.
 * Fails    ConfigUnsupported.
 */
export const describeModel = (config: ModelConfig, architecture: Architecture): Described =>
  Result.gen(function* () {
    const refused = architecture.refuse?.(config)
    if (refused) return yield* Result.fail(refused)
    const scaling = yield* describeScaling(config, architecture)
    const own: Metadata = {
      context_length: { uint32: contextLength(config, architecture) },
      block_count: { uint32: config.num_hidden_layers },
      embedding_length: { uint32: config.hidden_size },
      feed_forward_length: { uint32: config.intermediate_size },
      vocab_size: { uint32: config.vocab_size },
      "attention.head_count": { uint32: config.num_attention_heads },
      "attention.head_count_kv": { uint32: config.num_key_value_heads },
      "attention.key_length": { uint32: config.head_dim },
      "attention.value_length": { uint32: config.head_dim },
      "attention.layer_norm_rms_epsilon": { float32: config.rms_norm_eps },
      "rope.dimension_count": { uint32: rotaryWidth(config) },
      "rope.freq_base": { float32: config.rope_theta },
      ...scaling,
      ...architecture.metadata?.(config)
    }
    return Object.fromEntries(Object.entries(own).map(([key, value]) => [`${architecture.name}.${key}`, value]))
  })
