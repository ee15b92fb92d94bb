import type { Ops, Value } from "../../graph/mod.ts"
import type { FamilyContext } from "../Family.ts"

/**
 * x over its root mean square along the last axis, times the weight of this name.
 *
 * Source   Zhang and Sennrich, arXiv:1910.07467.
 */
export const rmsNorm = (
  op: Ops,
  { config, parameterOf }: Pick<FamilyContext, "config" | "parameterOf">,
  x: Value,
  name: string
): Value =>
  op.SimplifiedLayerNormalization(x, parameterOf(`${name}.weight`), { epsilon: config.rms_norm_eps, axis: -1 })[0]
