import type { Ops, Value } from "../../graph/mod.ts"

/** What one update is told. `step` counts from 1; `gradientScale` is what clipping multiplies the gradient with. */
export interface Update {
  readonly step: number
  readonly learningRate: number
  readonly gradientScale: number
}

/** What an update reads of a stretch of the parameters. Shapes: value, gradient and moments [n], scalars []. */
export interface Inputs {
  readonly value: Value
  /** After clipping. */
  readonly gradient: Value
  readonly moment: (name: string) => Value
  readonly scalar: (name: string) => Value
}

/**
 * How a gradient becomes a step, element by element.
 *
 * Domain   `build` reads each moment in one node only, so that the new one may be written over it.
 */
export interface Optimizer {
  readonly name: string
  /** The peak that a schedule takes its share of. */
  readonly learningRate: number
  readonly weightDecay: number
  /** Names of the running averages kept for each weight. */
  readonly moments: ReadonlyArray<string>
  /** The numbers that change from step to step; `weightDecay` is 0 for weights that are not decayed. */
  readonly scalars: (update: Update & { readonly weightDecay: number }) => Readonly<Record<string, number>>
  /** The new value, and each moment after the step. */
  readonly build: (
    op: Ops,
    inputs: Inputs
  ) => { readonly value: Value; readonly moments: Readonly<Record<string, Value>> }
}
