import type { Ops, Value } from "../../graph/mod.ts"

/** A running average after one more number: β·average + (1 − β)·fresh. */
export const blend = (op: Ops, beta: number, average: Value, fresh: Value): Value =>
  op.Add(op.Mul(average, op.scalar(beta)), op.Mul(fresh, op.scalar(1 - beta)))
