import type { Value } from "../graph/mod.ts"

/** log π of the chosen and the rejected response of each pair. Shapes: each [pair]. Units: nats, summed over response tokens. */
export interface PairLogProbability {
  readonly chosen: Value
  readonly rejected: Value
}
