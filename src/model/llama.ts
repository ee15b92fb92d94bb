import type { Ops, Value } from "../graph/mod.ts"
import type { Family, Parameter, ParameterOf } from "./Family.ts"
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
  const prefix = `model.layers.${layer}`
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

const linear =
  (op: Ops, parameterOf: ParameterOf, bias: boolean) =>
  (x: Value, name: string): Value =>
    op.Gemm(x, parameterOf(`${name}.weight`), bias ? parameterOf(`${name}.bias`) : undefined, { transB: 1 })

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
  hidden: (op, { config, parameterOf, ids, attend }) => {
    const norm = (x: Value, name: string): Value =>
      op.SimplifiedLayerNormalization(x, parameterOf(`${name}.weight`), { epsilon: config.rms_norm_eps, axis: -1 })[0]
    const attention = linear(op, parameterOf, config.attention_bias)
    const mlp = linear(op, parameterOf, config.mlp_bias)
    const embedded = op.Gather(parameterOf("model.embed_tokens.weight"), ids, { axis: 0 })
    let x = op.Reshape(embedded, ["rows*tokens", config.hidden_size])
    for (let layer = 0; layer < config.num_hidden_layers; layer++) {
      const prefix = `model.layers.${layer}`
      x = op.within(`layers.${layer}`, () => {
        const h = norm(x, `${prefix}.input_layernorm`)
        const attended = attend(
          layer,
          attention(h, `${prefix}.self_attn.q_proj`),
          attention(h, `${prefix}.self_attn.k_proj`),
          attention(h, `${prefix}.self_attn.v_proj`)
        )
        const middle = op.Add(x, attention(attended, `${prefix}.self_attn.o_proj`))
        const m = norm(middle, `${prefix}.post_attention_layernorm`)
        const gate = mlp(m, `${prefix}.mlp.gate_proj`)
        const up = mlp(m, `${prefix}.mlp.up_proj`)
        return op.Add(middle, mlp(op.Mul(op.Mul(gate, op.Sigmoid(gate)), up), `${prefix}.mlp.down_proj`))
      })
    }
    return norm(x, "model.norm")
  }
}
