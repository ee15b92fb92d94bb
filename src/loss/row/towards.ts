import type { Ops, Value } from "../../graph/mod.ts"
import { scale } from "../term/scale.ts"

/** `x` where a response is desirable, −x where it is not. Shapes: x, desirable and result [row]. */
export const towards = (op: Ops, x: Value, desirable: Value): Value =>
  op.Mul(op.Sub(scale(op, desirable, 2), op.scalar(1, desirable)), x)
