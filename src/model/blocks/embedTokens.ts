import type { Ops, Value } from "../../graph/mod.ts"
import type { FamilyContext } from "../Family.ts"

/** The embedding of each token. Shapes: ids: int64 [rows, tokens]; result [rows*tokens, hidden_size]. */
export const embedTokens = (
  op: Ops,
  { config, parameterOf }: Pick<FamilyContext, "config" | "parameterOf">,
  ids: Value
): Value =>
  op.Reshape(op.Gather(parameterOf("model.embed_tokens.weight"), ids, { axis: 0 }), ["rows*tokens", config.hidden_size])
