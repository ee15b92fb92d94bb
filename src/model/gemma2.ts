import type { Ops, Value } from "../graph/mod.ts"
import { geluTanh } from "./blocks/activation.ts"
import { attentionBlock, attentionProjections } from "./blocks/attentionBlock.ts"
import { embedTokens } from "./blocks/embedTokens.ts"
import { type AttendOptions, type Family, type FamilyContext, layerPrefix } from "./Family.ts"
import { feedForward, feedForwardProjections } from "./blocks/feedForward.ts"
import { decoderParameters } from "./blocks/layerWeights.ts"
import { type ModelConfig, windowOf } from "./ModelConfig.ts"
import { rmsNorm } from "./blocks/rmsNorm.ts"

const norms = [
  "input_layernorm",
  "post_attention_layernorm",
  "pre_feedforward_layernorm",
  "post_feedforward_layernorm"
] as const

const biasesOf = ({ attention_bias }: ModelConfig) => ({ input: attention_bias, output: attention_bias })

/** An RMS norm whose weight is stored less 1. */
const norm = (op: Ops, context: Pick<FamilyContext, "config" | "parameterOf">, x: Value, name: string): Value => {
  const parameterOf = (weight: string) => {
    const stored = context.parameterOf(weight)
    return op.Add(stored, op.scalar(1, stored))
  }
  return rmsNorm(op, { config: context.config, parameterOf }, x, name)
}

const bounds = ({ softcapping, head_dim }: ModelConfig): Pick<AttendOptions, "scale" | "softcap"> => {
  const softcap = softcapping?.attn_logit_softcapping
  return {
    scale: 1 / Math.sqrt(softcapping?.query_pre_attn_scalar ?? head_dim),
    ...(softcap === undefined ? {} : { softcap })
  }
}

/**
 * Gemma 2: norms before and after each half of a layer, bounded scores and logits, every other layer with a window.
 *
 * Source   Gemma Team, arXiv:2408.00118: embeddings times √hidden_size; scores softcap·tanh(s / softcap).
 */
export const gemma2: Family = {
  architecture: "Gemma2",
  parameters: (config) =>
    decoderParameters(
      config,
      {
        norms: norms.map((name) => [name, config.hidden_size] as const),
        projections: [...attentionProjections(config, biasesOf(config)), ...feedForwardProjections(config, false)]
      },
      "zeros"
    ),
  embed: (op, context, ids) => op.Mul(embedTokens(op, context, ids), op.scalar(Math.sqrt(context.config.hidden_size))),
  layer: (op, context, layer, x) => {
    const { config } = context
    const normal = (y: Value, name: (typeof norms)[number]) => norm(op, context, y, `${layerPrefix(layer)}.${name}`)
    const attention = { layer, biases: biasesOf(config), ...bounds(config) }
    const attended = attentionBlock(op, context, normal(x, "input_layernorm"), attention)
    const middle = op.Add(x, normal(attended, "post_attention_layernorm"))
    const gated = { layer, bias: false, activation: geluTanh }
    const fed = feedForward(op, context, normal(middle, "pre_feedforward_layernorm"), gated)
    return op.Add(middle, normal(fed, "post_feedforward_layernorm"))
  },
  norm: (op, context, x) => norm(op, context, x, "model.norm"),
  layerKind: (config, layer) => (windowOf(config, layer) === undefined ? "full_attention" : "sliding_attention")
}
