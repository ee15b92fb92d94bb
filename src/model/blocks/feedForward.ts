import type { Ops, Value } from "../../graph/mod.ts"
import type { Activation } from "./activation.ts"
import { type FamilyContext, layerPrefix } from "../Family.ts"
import type { Projection } from "./layerWeights.ts"
import type { ModelConfig } from "../ModelConfig.ts"

/** The linear layers of a gated feed-forward. */
export const feedForwardProjections = (config: ModelConfig, bias: boolean): ReadonlyArray<Projection> => {
  const { hidden_size, intermediate_size } = config
  return [
    { name: "mlp.gate_proj", out: intermediate_size, in: hidden_size, bias },
    { name: "mlp.up_proj", out: intermediate_size, in: hidden_size, bias },
    { name: "mlp.down_proj", out: hidden_size, in: intermediate_size, bias }
  ]
}

/**
 * down(activation(gate(x)) · up(x)).
 *
 * Source   Shazeer, arXiv:2002.05202.
 * Shapes   x: [rows*tokens, hidden_size]; result as x.
 */
export const feedForward = (
  op: Ops,
  context: FamilyContext,
  x: Value,
  options: { readonly layer: number; readonly bias: boolean; readonly activation: Activation }
): Value => {
  const { layer, bias, activation } = options
  const project = (y: Value, name: string) => context.linear(y, `${layerPrefix(layer)}.mlp.${name}`, { bias })
  return project(op.Mul(activation(op, project(x, "gate_proj")), project(x, "up_proj")), "down_proj")
}
