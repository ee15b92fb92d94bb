import type { Ops, Value } from "../../graph/mod.ts"
import type { FamilyContext } from "../Family.ts"

/** The embedding of each token. Shapes: ids: int64 [rows, tokens]; result [rows*tokens, hidden_size]. */
export const embedTokens = (
  op: Ops,
  { config, parameterOf, rowsOf }: Pick<FamilyContext, "config" | "parameterOf" | "rowsOf">,
  ids: Value
): Value => {
  const name = "model.embed_tokens.weight"
  const rows = rowsOf?.(name, ids) ?? op.Gather(parameterOf(name), ids, { axis: 0 })
  return op.Reshape(rows, ["rows*tokens", config.hidden_size])
}
