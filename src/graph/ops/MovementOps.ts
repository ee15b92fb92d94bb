import { canonicalDim, canonicalShape, subtractDims } from "../Dim.ts"
import type { Dim, Shape, Value } from "../Graph.ts"
import { LinearAlgebraOps } from "./LinearAlgebraOps.ts"

/** The largest whole number of ONNX as users write it: "to the end of the axis". */
const END = Number.MAX_SAFE_INTEGER

/** Ranges of a Slice, one per axis; a negative number counts from the end of the axis. */
export interface Ranges {
  readonly starts: Shape
  readonly ends: Shape
  readonly axes?: ReadonlyArray<number>
  readonly steps?: ReadonlyArray<number>
}

/** Place within an axis of size `dim`, counted from its front and held inside it where both are numbers. */
const place = (at: Dim, dim: Dim): Dim => {
  if (typeof at === "string") return canonicalDim(at)
  if (at >= END) return dim
  const fromFront = at < 0 ? subtractDims(dim, -at) : at
  return typeof fromFront === "number" && typeof dim === "number" ? Math.min(Math.max(fromFront, 0), dim) : fromFront
}

/** Operators that move elements without changing them. */
export class MovementOps extends LinearAlgebraOps {
  Transpose(x: Value, options: { readonly perm: ReadonlyArray<number> }): Value {
    return this.one({ op: "Transpose", inputs: [x], attributes: { perm: { ints: options.perm } } })
  }

  /**
   * The same elements in another shape; a symbol that `x` does not carry is defined by what is left for it.
   *
   * Fails    GraphError with CallInvalid, DimUnknown.
   */
  Reshape(x: Value, shape: Shape): Value {
    const target = canonicalShape(shape)
    return this.one({ op: "Reshape", inputs: [x, this.dims(this.written(x.shape, target))], declared: target })
  }

  /** A shape as Reshape reads it: 0 keeps an axis, one −1 is computed, so that most shapes are constants. */
  private written(from: Shape, target: Shape): Shape {
    if (target.includes(0)) return target
    const kept = target.map((dim, i) => (typeof dim === "string" && dim === from[i] ? 0 : dim))
    const open = kept.findLastIndex((dim) => typeof dim === "string")
    return open < 0 ? kept : kept.with(open, -1)
  }

  Unsqueeze(x: Value, axes: ReadonlyArray<number>): Value {
    return this.one({ op: "Unsqueeze", inputs: [x, this.int64(...axes)] })
  }
  Squeeze(x: Value, axes: ReadonlyArray<number>): Value {
    return this.one({ op: "Squeeze", inputs: [x, this.int64(...axes)] })
  }

  /** `x` repeated to `shape` along the axes where it has size 1. */
  Expand(x: Value, shape: Shape): Value {
    return this.one({ op: "Expand", inputs: [x, this.dims(shape)] })
  }

  Concat(xs: ReadonlyArray<Value>, options: { readonly axis: number }): Value {
    return this.one({ op: "Concat", inputs: xs, attributes: { axis: { int: options.axis } } })
  }

  /** `x` cut along an axis into pieces of the sizes `split`. */
  Split(x: Value, options: { readonly axis: number; readonly split: Shape }): ReadonlyArray<Value> {
    const inputs = [x, this.dims(options.split)]
    return this.many({
      op: "Split",
      inputs,
      attributes: { axis: { int: options.axis } },
      outputs: options.split.length
    })
  }

  /**
   * The elements from `starts` up to `ends`, in steps, along `axes` (the first ones if absent).
   *
   * Domain   On an axis of symbolic size the range must lie within the axis; steps are positive, and other than 1 want a range of known size.
   */
  Slice(x: Value, options: Ranges): Value {
    const wished = options.axes ?? options.starts.map((_, i) => i)
    const axes = wished.map((axis) => (axis < 0 ? axis + x.shape.length : axis))
    const places = (dims: Shape) => this.dims(axes.map((axis, i) => place(dims[i] ?? 0, x.shape[axis] ?? 1)))
    const steps = this.int64(...(options.steps ?? axes.map(() => 1)))
    return this.one({
      op: "Slice",
      inputs: [x, places(options.starts), places(options.ends), this.int64(...axes), steps]
    })
  }

  /** `x` with zeros added before and after along every axis. */
  Pad(x: Value, options: { readonly before: Shape; readonly after: Shape }): Value {
    return this.one({ op: "Pad", inputs: [x, this.dims([...options.before, ...options.after])] })
  }

  /** `x` repeated as a whole along every axis. */
  Tile(x: Value, repeats: Shape): Value {
    return this.one({ op: "Tile", inputs: [x, this.dims(repeats)] })
  }

  /** The triangle of the last two axes on and above (`upper` 1) or on and below the k-th diagonal; zeros elsewhere. */
  Trilu(x: Value, options: { readonly upper?: 0 | 1; readonly k?: number | Value } = {}): Value {
    const { k = 0 } = options
    const diagonal = typeof k === "number" ? this.scalar(k, "int64") : k
    return this.one({ op: "Trilu", inputs: [x, diagonal], attributes: { upper: { int: options.upper ?? 1 } } })
  }
}
