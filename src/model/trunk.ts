import type { Ops, Value } from "../graph/mod.ts"
import type { Family, FamilyContext } from "./Family.ts"

/**
 * The hidden state of every token after the last layer, or the first `layers` of them, before the final norm.
 *
 * Shapes   ids: int64 [rows, tokens]; result [rows*tokens, hidden_size].
 */
export const trunk = (
  op: Ops,
  family: Family,
  context: FamilyContext,
  ids: Value,
  layers = context.config.num_hidden_layers
): Value => {
  let x = family.embed(op, context, ids)
  for (let layer = 0; layer < layers; layer++) {
    x = op.within(`layers.${layer}`, () => family.layer(op, context, layer, x))
  }
  return x
}
