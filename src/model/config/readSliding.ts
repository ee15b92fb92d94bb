import { Result } from "effect"
import type { SlidingRules } from "./configRules.ts"
import { type FeatureUnsupported, unsupported } from "../errors.ts"
import type { ModelConfigFile, SlidingAttention } from "../ModelConfig.ts"

/** Where `max_window_layers` is absent. Source: transformers' Qwen2Config. */
const maxWindowLayers = 28

const slides: Readonly<Record<SlidingRules["layers"], (file: ModelConfigFile, layer: number) => boolean>> = {
  every: () => true,
  everyOther: (_, layer) => layer % 2 === 0,
  upper: (file, layer) => layer >= (file.max_window_layers ?? maxWindowLayers)
}

const layerTypes = ["sliding_attention", "full_attention"] as const
type LayerType = (typeof layerTypes)[number]

const typesOf = (
  file: ModelConfigFile,
  rules: SlidingRules
): Result.Result<ReadonlyArray<LayerType>, FeatureUnsupported> => {
  const fill = (layer: number): LayerType =>
    slides[rules.layers](file, layer) ? "sliding_attention" : "full_attention"
  const found = file.layer_types
  if (!found) return Result.succeed(Array.from({ length: file.num_hidden_layers }, (_, layer) => fill(layer)))
  const known = found.flatMap((name) => layerTypes.find((type) => type === name) ?? [])
  if (rules.layers === "every" && known.includes("full_attention"))
    return unsupported("layer_types", found, `only "sliding_attention" for "${file.model_type}"`)
  return known.length === found.length && known.length === file.num_hidden_layers
    ? Result.succeed(known)
    : unsupported(
        "layer_types",
        found,
        `${file.num_hidden_layers} of ${layerTypes.map((type) => `"${type}"`).join(" or ")}`
      )
}

/**
 * Which layers see only the tokens near by; undefined where all see everything.
 *
 * Fails    FeatureUnsupported.
 */
export const readSliding = (
  file: ModelConfigFile,
  rules: SlidingRules | undefined
): Result.Result<SlidingAttention | undefined, FeatureUnsupported> => {
  if (!rules) return Result.succeed(undefined)
  const off = rules.switched && file.use_sliding_window !== true
  const window = off ? null : file.sliding_window === undefined ? rules.window : file.sliding_window
  return Result.flatMap(typesOf(file, rules), (layer_types) => {
    if (!layer_types.includes("sliding_attention")) return Result.succeed(undefined)
    if (window !== null) return Result.succeed({ sliding_window: window, layer_types })
    return file.layer_types
      ? unsupported(
          "sliding_window",
          file.sliding_window,
          'a number of tokens, as "layer_types" has "sliding_attention"'
        )
      : Result.succeed(undefined)
  })
}
