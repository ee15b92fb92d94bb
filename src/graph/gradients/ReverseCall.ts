import { Call } from "../Call.ts"
import type { Value } from "../Graph.ts"
import type { Ops } from "../Ops.ts"

/** A node as its reverse rule sees it: what it read, what it gave, and the gradients of what it gave. */
export class ReverseCall extends Call {
  private readonly outputs: ReadonlyArray<Value>
  private readonly gradients: ReadonlyArray<Value | undefined>

  constructor(
    options: ConstructorParameters<typeof Call>[0] & {
      readonly outputs: ReadonlyArray<Value>
      readonly gradients: ReadonlyArray<Value | undefined>
    }
  ) {
    super(options)
    this.outputs = options.outputs
    this.gradients = options.gradients
  }

  /** The first input. */
  get x(): Value {
    return this.input(0)
  }

  /** The first output. */
  get y(): Value {
    return this.output(0)
  }

  /** The gradient of the first output. */
  get dy(): Value {
    const dy = this.gradients[0]
    if (!dy) throw this.refusal("a result that depends on the first output")
    return dy
  }

  /** Output `i`. */
  output(i: number): Value {
    const value = this.outputs[i]
    if (!value) throw this.refusal(`an output at position ${i}`)
    return value
  }

  /** The gradient of output `i`; undefined where the result does not depend on it. */
  dyOf(i: number): Value | undefined {
    return this.gradients[i]
  }
}

/**
 * The gradients of a node's inputs, in their order; undefined for an input that has none.
 *
 * Shapes   As the outputs' broadcast shape: the walker sums a gradient back to the shape of its input.
 */
export type ReverseRule = (op: Ops, call: ReverseCall) => ReadonlyArray<Value | undefined>

/**
 * A row of the table of gradients: a rule; "constant" if no output changes with the inputs, so that nothing flows back;
 * "undifferentiable" if a gradient would be needed and there is none.
 */
export type GradientRow = ReverseRule | "constant" | "undifferentiable"
