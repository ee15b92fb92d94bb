import { Result } from "effect"
import { type FeatureUnsupported, unsupported } from "../errors.ts"
import type { ModelConfig, ModelConfigFile, RopeParameters } from "../ModelConfig.ts"
import type { ConfigRules } from "./configRules.ts"
import type { Llama3Scaling, RopeScaling, YarnScaling } from "./RopeScaling.ts"

/** What `config.json` says of rotary positions. */
type Rope = Pick<ModelConfig, "rope_theta" | "rope_scaling" | "partial_rotary_factor">

const llama3 = (found: RopeParameters): Llama3Scaling | undefined => {
  const { factor, low_freq_factor, high_freq_factor, original_max_position_embeddings } = found
  return factor && low_freq_factor && high_freq_factor && original_max_position_embeddings
    ? { rope_type: "llama3", factor, low_freq_factor, high_freq_factor, original_max_position_embeddings }
    : undefined
}

/** Source: YaRN, arXiv:2309.00071, Section 3.4: √(1/t) = 0.1·ln(factor) + 1. */
const yarn = (found: RopeParameters, file: ModelConfigFile): YarnScaling | undefined => {
  const { factor } = found
  const unread = ["mscale", "mscale_all_dim", "truncate"].some((key) => key in found)
  if (!factor || unread) return undefined
  return {
    rope_type: "yarn",
    factor,
    attention_factor: found.attention_factor ?? (factor > 1 ? 0.1 * Math.log(factor) + 1 : 1),
    beta_fast: found.beta_fast ?? 32,
    beta_slow: found.beta_slow ?? 1,
    original_max_position_embeddings: found.original_max_position_embeddings ?? file.max_position_embeddings
  }
}

const scaling = (found: RopeParameters, file: ModelConfigFile): RopeScaling | undefined => {
  const kind = found.rope_type ?? found.type
  if (kind === "llama3") return llama3(found)
  if (kind === "yarn") return yarn(found, file)
  return kind === "linear" && found.factor ? { rope_type: "linear", factor: found.factor } : undefined
}

const wanted =
  'null, or a "rope_type" of "linear" with its "factor", "llama3" with its four numbers, or "yarn" without "mscale"'

/**
 * Rotary positions with the defaults of transformers.
 *
 * Fails    FeatureUnsupported.
 */
export const readRope = (
  file: ModelConfigFile,
  rules: { readonly rope: ConfigRules["rope"]; readonly headDim: number }
): Result.Result<Rope, FeatureUnsupported> => {
  const key = file.rope_parameters ? "rope_parameters" : "rope_scaling"
  const found = file[key]
  const kind = found?.rope_type ?? found?.type ?? "default"
  // transformers reads a "yarn" of Phi-3 as "longrope"
  if (kind !== "default" && rules.rope === "partial") return unsupported(key, found, `null for "${file.model_type}"`)
  const rope_scaling = found && kind !== "default" ? scaling(found, file) : undefined
  const perLayer = Object.values(found ?? {}).some((value) => typeof value === "object" && value !== null)
  if (perLayer || (kind !== "default" && !rope_scaling)) return unsupported(key, found, wanted)
  if (file.rope_interleaved === true) return unsupported("rope_interleaved", true, "false")
  const partial = found?.partial_rotary_factor ?? file.partial_rotary_factor ?? 1
  const width = Math.trunc(rules.headDim * partial)
  if (partial !== 1 && rules.rope !== "partial")
    return unsupported("partial_rotary_factor", partial, `1 for "${file.model_type}"`)
  if (width % 2 !== 0 || width === 0 || width > rules.headDim)
    return unsupported("partial_rotary_factor", partial, `an even part of the ${rules.headDim} features of a head`)
  return Result.succeed({
    rope_theta: file.rope_parameters?.rope_theta ?? file.rope_theta ?? 10_000,
    rope_scaling,
    ...(partial === 1 ? {} : { partial_rotary_factor: partial })
  })
}
