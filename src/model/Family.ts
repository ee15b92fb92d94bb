import type { Ops, Value } from "../graph/mod.ts"
import type { ModelConfig } from "./ModelConfig.ts"

/** One weight of a model: its name in the checkpoint, its shape, and how a new one is drawn. */
export interface Parameter {
  readonly name: string
  readonly shape: ReadonlyArray<number>
  readonly start: "normal" | "ones" | "zeros"
}

/** Gives the graph value of a weight by its checkpoint name. */
export type ParameterOf = (name: string) => Value

/**
 * Attention of one layer: what the definition of a family leaves open.
 *
 * Shapes   q: [rows*tokens, num_attention_heads·head_dim]; k, v: [rows*tokens, num_key_value_heads·head_dim];
 *          result as q. The positions are rotated inside.
 */
export type Attend = (layer: number, q: Value, k: Value, v: Value) => Value

/** A model family: the one definition from which the decode, scoring and training graphs are made. */
export interface Family {
  /** Every weight below the head, in the order of the checkpoint. */
  readonly parameters: (config: ModelConfig) => ReadonlyArray<Parameter>
  /**
   * The last hidden state of every token, after the final norm.
   *
   * Shapes   ids: int64 [rows, tokens]; result [rows*tokens, hidden_size].
   */
  readonly hidden: (
    op: Ops,
    context: {
      readonly config: ModelConfig
      readonly parameterOf: ParameterOf
      readonly ids: Value
      readonly attend: Attend
    }
  ) => Value
}
