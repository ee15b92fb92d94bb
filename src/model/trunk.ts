import type { Ops, Value } from "../graph/mod.ts"
import type { Family, FamilyContext } from "./Family.ts"

/**
 * The hidden state of every token after the last layer, before the final norm.
 *
 * Shapes   ids: int64 [rows, tokens]; result [rows*tokens, hidden_size].
 */
export const trunk = (op: Ops, family: Family, context: FamilyContext, ids: Value): Value => {
  let x = family.embed(op, context, ids)
  for (let layer = 0; layer < context.config.num_hidden_layers; layer++) {
    x = op.within(`layers.${layer}`, () => family.layer(op, context, layer, x))
  }
  return x
}
