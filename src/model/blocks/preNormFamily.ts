import type { Ops, Value } from "../../graph/mod.ts"
import { embedTokens } from "./embedTokens.ts"
import { type Family, type FamilyContext, layerPrefix } from "../Family.ts"
import { decoderParameters, type LayerWeights } from "./layerWeights.ts"
import { type ModelConfig, windowOf } from "../ModelConfig.ts"
import { rmsNorm } from "./rmsNorm.ts"

/** One half of a layer. Shapes: x: [rows*tokens, hidden_size], after its norm; result as x. */
type Half = (op: Ops, context: FamilyContext, layer: number, x: Value) => Value

/** A decoder whose layers are x + attention(norm(x)), then x + feedForward(norm(x)), with RMS norms. */
export const preNormFamily = (parts: {
  readonly architecture: string
  /** Weights of a layer but for the two norms that all have. */
  readonly weights: (config: ModelConfig) => LayerWeights
  readonly attention: Half
  readonly feedForward: Half
}): Family => ({
  architecture: parts.architecture,
  parameters: (config) => {
    const { norms, projections } = parts.weights(config)
    const own = ["input_layernorm", "post_attention_layernorm"].map((name) => [name, config.hidden_size] as const)
    return decoderParameters(config, { norms: [...own, ...norms], projections })
  },
  embed: embedTokens,
  layer: (op, context, layer, x) => {
    const prefix = layerPrefix(layer)
    const attended = parts.attention(op, context, layer, rmsNorm(op, context, x, `${prefix}.input_layernorm`))
    const middle = op.Add(x, attended)
    const norm = rmsNorm(op, context, middle, `${prefix}.post_attention_layernorm`)
    return op.Add(middle, parts.feedForward(op, context, layer, norm))
  },
  norm: (op, context, x) => rmsNorm(op, context, x, "model.norm"),
  layerKind: (config, layer) => (windowOf(config, layer) === undefined ? "full_attention" : "sliding_attention")
})
