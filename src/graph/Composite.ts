import type { Value } from "./Graph.ts"
import type { Ops } from "./Ops.ts"

/**
 * The gradients of a composite's inputs, given the gradient `dy` of its output; undefined where there is none.
 *
 * Domain   An input whose `needs` is false may be left out.
 */
export type CompositeReverse = (
  op: Ops,
  context: {
    readonly inputs: ReadonlyArray<Value>
    readonly output: Value
    readonly saved: ReadonlyArray<Value>
    readonly dy: Value
    readonly needs: ReadonlyArray<boolean>
  }
) => ReadonlyArray<Value | undefined>

/** A group of nodes with a reverse rule of its own. */
export interface Composite {
  readonly name: string
  readonly inputs: ReadonlyArray<Value>
  readonly output: Value
  /** Inner values that the reverse rule reads. */
  readonly saved: ReadonlyArray<Value>
  /** Names of the nodes inside, in order. */
  readonly nodes: ReadonlyArray<string>
  readonly reverse: CompositeReverse
}
