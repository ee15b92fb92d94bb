import type { Ops, Value } from "../../graph/mod.ts"

/** `x` times a number. */
export const scale = (op: Ops, x: Value, by: number): Value => (by === 1 ? x : op.Mul(x, op.scalar(by, x)))
