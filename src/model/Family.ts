import type { Ops, Value } from "../graph/mod.ts"
import type { ModelConfig } from "./ModelConfig.ts"

/** One weight of a model: its name in the checkpoint, its shape, and how a new one is drawn. */
export interface Parameter {
  readonly name: string
  readonly shape: ReadonlyArray<number>
  readonly start: "normal" | "uniform" | "ones" | "zeros"
}

/** Gives the graph value of a weight by its checkpoint name. */
export type ParameterOf = (name: string) => Value

/**
 * A linear layer by its name in the checkpoint: y = x·Wᵀ, and the bias where there is one.
 *
 * Shapes   x: [n, in]; result [n, out].
 */
export type Linear = (x: Value, name: string, options?: { readonly bias?: boolean }) => Value

/** What families do differently in attention. Units: window in tokens, the asking one included. */
export interface AttendOptions {
  /** How many tokens back are seen; all when absent. */
  readonly window?: number
  /** Scores s become softcap·tanh(s / softcap). */
  readonly softcap?: number
  /** What q·k is multiplied by; 1/√head_dim when absent. */
  readonly scale?: number
}

/**
 * Attention of one layer: what the definition of a family leaves open.
 *
 * Shapes   q: [rows*tokens, num_attention_heads·head_dim]; k, v: [rows*tokens, num_key_value_heads·head_dim];
 *          result as q. The positions are rotated inside.
 */
export type Attend = (layer: number, q: Value, k: Value, v: Value, options?: AttendOptions) => Value

/** What a family builds with. */
export interface FamilyContext {
  readonly config: ModelConfig
  readonly parameterOf: ParameterOf
  readonly linear: Linear
  /** Rows of a weight as float32, by index; taken from the whole of it when absent. */
  readonly rowsOf?: (name: string, ids: Value) => Value
  readonly attend: Attend
}

/** A model family: the one definition from which the decode, scoring and training graphs are made. */
export interface Family {
  /** The beginning of its class names in transformers: "Llama" of "LlamaForCausalLM". */
  readonly architecture: string
  /** Every weight below the head, in the order of the checkpoint. */
  readonly parameters: (config: ModelConfig) => ReadonlyArray<Parameter>
  /** The input of the first layer. Shapes: ids: int64 [rows, tokens]; result [rows*tokens, hidden_size]. */
  readonly embed: (op: Ops, context: Omit<FamilyContext, "attend">, ids: Value) => Value
  /** One layer. Shapes: x: [rows*tokens, hidden_size]; result as x. */
  readonly layer: (op: Ops, context: FamilyContext, layer: number, x: Value) => Value
  /** The norm below the head. Shapes: x: [n, hidden_size]; result as x. */
  readonly norm: (op: Ops, context: Omit<FamilyContext, "attend">, x: Value) => Value
  /** Layers of one kind are the same graph with other weights; all are of one kind when absent. */
  readonly layerKind?: (config: ModelConfig, layer: number) => string
}

/** The beginning of the names of one layer's weights. */
export const layerPrefix = (layer: number): string => `model.layers.${layer}`
