import type { Ops, Value } from "../../graph/mod.ts"
import { type AttendOptions, type FamilyContext, layerPrefix } from "../Family.ts"
import { headWidths, type Projection } from "./layerWeights.ts"
import { type ModelConfig, windowOf } from "../ModelConfig.ts"

/** Which projections of attention add a bias. */
export interface AttentionBiases {
  readonly input: boolean
  readonly output: boolean
}

/** The linear layers of attention with separate queries, keys and values. */
export const attentionProjections = (config: ModelConfig, biases: AttentionBiases): ReadonlyArray<Projection> => {
  const { query, keyValue } = headWidths(config)
  const reads = { in: config.hidden_size, bias: biases.input }
  return [
    { name: "self_attn.q_proj", out: query, ...reads },
    { name: "self_attn.k_proj", out: keyValue, ...reads },
    { name: "self_attn.v_proj", out: keyValue, ...reads },
    { name: "self_attn.o_proj", out: config.hidden_size, in: query, bias: biases.output }
  ]
}

/** What a family does to its queries or keys before they are rotated; `name` is that of the norm, if it has one. */
export type Prepare = (op: Ops, context: FamilyContext, x: Value, name: string) => Value

/** Attention of one layer within the layer's window. Shapes: x: [rows*tokens, hidden_size]; result as x. */
export const attentionBlock = (
  op: Ops,
  context: FamilyContext,
  x: Value,
  options: AttendOptions & {
    readonly layer: number
    readonly biases: AttentionBiases
    readonly prepare?: Prepare
  }
): Value => {
  const { layer, biases, prepare = (_op, _context, y) => y, ...attendOptions } = options
  const prefix = `${layerPrefix(layer)}.self_attn`
  const read = (name: string) => context.linear(x, `${prefix}.${name}`, { bias: biases.input })
  const q = prepare(op, context, read("q_proj"), `${prefix}.q_norm`)
  const k = prepare(op, context, read("k_proj"), `${prefix}.k_norm`)
  const attended = context.attend(layer, q, k, read("v_proj"), {
    ...layerWindow(context.config, layer),
    ...attendOptions
  })
  return context.linear(attended, `${prefix}.o_proj`, { bias: biases.output })
}

/** The window of a layer as an option of `Attend`; none where it sees everything. */
export const layerWindow = (config: ModelConfig, layer: number): Pick<AttendOptions, "window"> => {
  const window = windowOf(config, layer)
  return window === undefined ? {} : { window }
}
