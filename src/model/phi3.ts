import type { Ops, Value } from "../graph/mod.ts"
import { silu } from "./blocks/activation.ts"
import { layerWindow } from "./blocks/attentionBlock.ts"
import { layerPrefix } from "./Family.ts"
import { headWidths, type Projection } from "./blocks/layerWeights.ts"
import { preNormFamily } from "./blocks/preNormFamily.ts"

/** The parts, of these widths, that one fused projection gives side by side. */
const parts = (op: Ops, x: Value, widths: ReadonlyArray<number>) => {
  const [first = x, second = x, third = x] = op.Split(x, { axis: 1, split: widths })
  return [first, second, third] as const
}

const plain = (name: string, out: number, width: number): Projection => ({ name, out, in: width, bias: false })

/**
 * Phi-3: Llama with one projection for queries, keys and values, and one for gate and up.
 *
 * Source   Abdin et al., arXiv:2404.14219.
 */
export const phi3 = preNormFamily({
  architecture: "Phi3",
  weights: (config) => {
    const { hidden_size, intermediate_size } = config
    const { query, keyValue } = headWidths(config)
    return {
      norms: [],
      projections: [
        plain("self_attn.qkv_proj", query + 2 * keyValue, hidden_size),
        plain("self_attn.o_proj", hidden_size, query),
        plain("mlp.gate_up_proj", 2 * intermediate_size, hidden_size),
        plain("mlp.down_proj", hidden_size, intermediate_size)
      ]
    }
  },
  attention: (op, { config, linear, attend }, layer, x) => {
    const prefix = `${layerPrefix(layer)}.self_attn`
    const { query, keyValue } = headWidths(config)
    const [q, k, v] = parts(op, linear(x, `${prefix}.qkv_proj`), [query, keyValue, keyValue])
    return linear(attend(layer, q, k, v, layerWindow(config, layer)), `${prefix}.o_proj`)
  },
  feedForward: (op, { config, linear }, layer, x) => {
    const prefix = `${layerPrefix(layer)}.mlp`
    const { intermediate_size } = config
    const [gate, up] = parts(op, linear(x, `${prefix}.gate_up_proj`), [intermediate_size, intermediate_size])
    return linear(op.Mul(silu(op, gate), up), `${prefix}.down_proj`)
  }
})
