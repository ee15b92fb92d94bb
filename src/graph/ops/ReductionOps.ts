import type { Attribute, Dim, Value } from "../Graph.ts"
import type { OpName } from "../shapes.ts"
import { ElementwiseOps } from "./ElementwiseOps.ts"

/** Which axes a reduction takes together, all if absent; `keepdims` 1 leaves them with size 1. */
export interface Reduction {
  readonly axes?: ReadonlyArray<number>
  readonly keepdims?: 0 | 1
}

/** Operators that combine the elements along axes; a negative axis counts from the last. */
export class ReductionOps extends ElementwiseOps {
  ReduceSum(x: Value, options: Reduction = {}): Value {
    return this.reduce("ReduceSum", x, options)
  }
  ReduceMean(x: Value, options: Reduction = {}): Value {
    return this.reduce("ReduceMean", x, options)
  }
  ReduceMax(x: Value, options: Reduction = {}): Value {
    return this.reduce("ReduceMax", x, options)
  }
  ReduceLogSum(x: Value, options: Reduction = {}): Value {
    return this.reduce("ReduceLogSum", x, options)
  }
  ReduceSumSquare(x: Value, options: Reduction = {}): Value {
    return this.reduce("ReduceSumSquare", x, options)
  }

  /** The place of the largest element, the first of equal ones. */
  ArgMax(x: Value, options: { readonly axis: number; readonly keepdims?: 0 | 1 }): Value {
    return this.one({
      op: "ArgMax",
      inputs: [x],
      attributes: { axis: { int: options.axis }, keepdims: { int: options.keepdims ?? 1 } }
    })
  }

  /** Running sums along the axis that the scalar `axis` holds. */
  CumSum(x: Value, axis: Value, options: { readonly exclusive?: 0 | 1; readonly reverse?: 0 | 1 } = {}): Value {
    const attributes = { exclusive: { int: options.exclusive ?? 0 }, reverse: { int: options.reverse ?? 0 } }
    return this.one({ op: "CumSum", inputs: [x, axis], attributes })
  }

  Softmax(x: Value, options: { readonly axis: number }): Value {
    return this.one({ op: "Softmax", inputs: [x], attributes: { axis: { int: options.axis } } })
  }
  LogSoftmax(x: Value, options: { readonly axis: number }): Value {
    return this.one({ op: "LogSoftmax", inputs: [x], attributes: { axis: { int: options.axis } } })
  }

  /** The `k` largest elements along an axis in falling order, and their places. */
  TopK(x: Value, k: Dim, options: { readonly axis?: number; readonly largest?: 0 | 1 } = {}): readonly [Value, Value] {
    const attributes = { axis: { int: options.axis ?? -1 }, largest: { int: options.largest ?? 1 } }
    const [values, places] = this.many({ op: "TopK", inputs: [x, this.dims([k])], attributes, outputs: 2 })
    return this.pair(values, places)
  }

  /** Two outputs of one node. */
  protected pair(first: Value | undefined, second: Value | undefined): readonly [Value, Value] {
    if (!first || !second) throw new RangeError("A node with two outputs has fewer")
    return [first, second]
  }

  private reduce(op: OpName, x: Value, { axes, keepdims = 1 }: Reduction): Value {
    const attributes: Readonly<Record<string, Attribute>> = { keepdims: { int: keepdims } }
    return this.one({ op, inputs: axes ? [x, this.int64(...axes)] : [x], attributes })
  }
}
