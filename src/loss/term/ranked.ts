import type { Ops, Value } from "../../graph/mod.ts"

/** The numbers of a batch from the largest to the smallest. Shapes: [pair]; result [pair]. */
export const ranked = (op: Ops, x: Value): Value => op.TopK(x, x.shape[0] ?? 1)[0]
