import type { Ops, Value } from "../graph/mod.ts"
import { type Family, type FamilyContext, layerPrefix, type Parameter } from "./Family.ts"
import type { ModelConfig } from "./ModelConfig.ts"

const projections = (config: ModelConfig) => {
  const { hidden_size, intermediate_size, head_dim } = config
  const attention = config.num_attention_heads * head_dim
  const keyValue = config.num_key_value_heads * head_dim
  return [
    { name: "self_attn.q_proj", out: attention, in: hidden_size, bias: config.attention_bias },
    { name: "self_attn.k_proj", out: keyValue, in: hidden_size, bias: config.attention_bias },
    { name: "self_attn.v_proj", out: keyValue, in: hidden_size, bias: config.attention_bias },
    { name: "self_attn.o_proj", out: hidden_size, in: attention, bias: config.attention_bias },
    { name: "mlp.gate_proj", out: intermediate_size, in: hidden_size, bias: config.mlp_bias },
    { name: "mlp.up_proj", out: intermediate_size, in: hidden_size, bias: config.mlp_bias },
    { name: "mlp.down_proj", out: hidden_size, in: intermediate_size, bias: config.mlp_bias }
  ]
}

const layerParameters = (config: ModelConfig, layer: number): ReadonlyArray<Parameter> => {
  const prefix = layerPrefix(layer)
  const norm = (name: string): Parameter => ({
    name: `${prefix}.${name}.weight`,
    shape: [config.hidden_size],
    start: "ones"
  })
  return [
    norm("input_layernorm"),
    norm("post_attention_layernorm"),
    ...projections(config).flatMap((projection): ReadonlyArray<Parameter> => {
      const name = `${prefix}.${projection.name}`
      const weight: Parameter = { name: `${name}.weight`, shape: [projection.out, projection.in], start: "normal" }
      return projection.bias ? [weight, { name: `${name}.bias`, shape: [projection.out], start: "zeros" }] : [weight]
    })
  ]
}

const norm = (op: Ops, { config, parameterOf }: Pick<FamilyContext, "config" | "parameterOf">, x: Value, name: string) =>
  op.SimplifiedLayerNormalization(x, parameterOf(`${name}.weight`), { epsilon: config.rms_norm_eps, axis: -1 })[0]

/**
 * Llama: pre-norm decoder with RMS norms, rotary positions, grouped-query attention and a gated SiLU feed-forward.
 *
 * Source   Touvron et al., arXiv:2302.13971; grouped queries as in arXiv:2305.13245.
 */
export const llama: Family = {
  parameters: (config) => [
    { name: "model.embed_tokens.weight", shape: [config.vocab_size, config.hidden_size], start: "normal" },
    ...Array.from({ length: config.num_hidden_layers }, (_, layer) => layerParameters(config, layer)).flat(),
    { name: "model.norm.weight", shape: [config.hidden_size], start: "ones" }
  ],
  embed: (op, { config, parameterOf }, ids) =>
    op.Reshape(op.Gather(parameterOf("model.embed_tokens.weight"), ids, { axis: 0 }), [
      "rows*tokens",
      config.hidden_size
    ]),
  layer: (op, context, layer, x) => {
    const { config, linear, attend } = context
    const prefix = layerPrefix(layer)
    const attention = (y: Value, name: string) =>
      linear(y, `${prefix}.self_attn.${name}`, { bias: config.attention_bias })
    const mlp = (y: Value, name: string) => linear(y, `${prefix}.mlp.${name}`, { bias: config.mlp_bias })
    const h = norm(op, context, x, `${prefix}.input_layernorm`)
    const attended = attend(layer, attention(h, "q_proj"), attention(h, "k_proj"), attention(h, "v_proj"))
    const middle = op.Add(x, attention(attended, "o_proj"))
    const m = norm(op, context, middle, `${prefix}.post_attention_layernorm`)
    const gate = mlp(m, "gate_proj")
    return op.Add(middle, mlp(op.Mul(op.Mul(gate, op.Sigmoid(gate)), mlp(m, "up_proj")), "down_proj"))
  },
  norm: (op, context, x) => norm(op, context, x, "model.norm")
}
