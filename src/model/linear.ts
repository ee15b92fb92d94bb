import type { Ops } from "../graph/mod.ts"
import type { Linear, ParameterOf } from "./Family.ts"

/** Linear layers with the weights of the checkpoint as they are. */
export const plainLinear =
  (op: Ops, parameterOf: ParameterOf): Linear =>
  (x, name, { bias = false } = {}) =>
    op.Gemm(x, parameterOf(`${name}.weight`), bias ? parameterOf(`${name}.bias`) : undefined, { transB: 1 })
