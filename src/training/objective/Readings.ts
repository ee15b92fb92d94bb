import type { Ops, Value } from "../../graph/mod.ts"
import type { BatchInputName } from "./batchInputs.ts"

/** What a loss is built from. Each is made when it is first read, so that a graph holds only what is used. */
export interface Readings {
  readonly op: Ops
  /**
   * What the model said: log π of every predicted token, [selected, 1], or both rewards of every pair, [pairs, 2].
   * The gradient is taken by it.
   */
  readonly said: Value
  /** The same numbers, but no gradient flows through them. */
  readonly detached: () => Value
  /** log Σ π² over the vocabulary at every predicted token; no gradient flows through it. Shapes: [selected, 1]. */
  readonly logSquares: () => Value
  /** Something of the batch. */
  readonly batch: (name: BatchInputName) => Value
}

/** A loss and what is told of it. Shapes: loss []; reports [pairs] or [rows]. */
export interface Built {
  readonly loss: Value
  readonly reports: Readonly<Record<string, Value>>
}
