/** Names of tensors by what stands between a weight's layer and its ".weight" or ".bias". */
const inLayer: Readonly<Record<string, string>> = {
  input_layernorm: "attn_norm",
  "self_attn.q_proj": "attn_q",
  "self_attn.k_proj": "attn_k",
  "self_attn.v_proj": "attn_v",
  "self_attn.qkv_proj": "attn_qkv",
  "self_attn.o_proj": "attn_output",
  "self_attn.q_norm": "attn_q_norm",
  "self_attn.k_norm": "attn_k_norm",
  post_attention_layernorm: "ffn_norm",
  pre_feedforward_layernorm: "ffn_norm",
  post_feedforward_layernorm: "post_ffw_norm",
  "mlp.gate_proj": "ffn_gate",
  "mlp.up_proj": "ffn_up",
  "mlp.gate_up_proj": "ffn_up",
  "mlp.down_proj": "ffn_down"
}

const outside: Readonly<Record<string, string>> = {
  "model.embed_tokens.weight": "token_embd.weight",
  "model.norm.weight": "output_norm.weight",
  "lm_head.weight": "output.weight"
}

const layered = /^model\.layers\.(\d+)\.(.+)\.(weight|bias)$/

/**
 * The name of a weight in a GGUF file; `own` are the names in which an architecture differs.
 *
 * Domain   A weight of a family of `models`.
 */
export const tensorName = (weight: string, own: Readonly<Record<string, string>> = {}): string => {
  const [, layer = "", part = "", kind = ""] = layered.exec(weight) ?? []
  const name = layer === "" ? outside[weight] : (own[part] ?? inLayer[part])
  if (name === undefined) throw new RangeError(`Weight "${weight}" has no name in a GGUF file`)
  return layer === "" ? name : `blk.${layer}.${name}.${kind}`
}
