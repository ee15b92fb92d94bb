import { arrayOf, bytesOf } from "../ElementType.ts"
import type { Dim, ElementType, Shape, Value } from "../Graph.ts"
import { MovementOps } from "./MovementOps.ts"

/** How updates join what lies at their place; "none" replaces it. */
export type Scattering = "none" | "add" | "mul" | "min" | "max"

/** Operators that pick, place or count elements; ids may be negative, counted from the end. */
export class IndexingOps extends MovementOps {
  /** Whole slices of `data` along an axis. */
  Gather(data: Value, ids: Value, options: { readonly axis?: number } = {}): Value {
    return this.one({ op: "Gather", inputs: [data, ids], attributes: { axis: { int: options.axis ?? 0 } } })
  }

  /** One element of `data` for each id, at the id's own place but for the axis. */
  GatherElements(data: Value, ids: Value, options: { readonly axis?: number } = {}): Value {
    return this.one({ op: "GatherElements", inputs: [data, ids], attributes: { axis: { int: options.axis ?? 0 } } })
  }

  /** `data` with one update for each id, at the id's own place but for the axis. */
  ScatterElements(
    data: Value,
    ids: Value,
    updates: Value,
    options: { readonly axis?: number; readonly reduction?: Scattering } = {}
  ): Value {
    const attributes = { axis: { int: options.axis ?? 0 }, reduction: { string: options.reduction ?? "none" } }
    return this.one({ op: "ScatterElements", inputs: [data, ids, updates], attributes })
  }

  /** The slices of `data` at the tuples of places along the last axis of `ids`. */
  GatherND(data: Value, ids: Value): Value {
    return this.one({ op: "GatherND", inputs: [data, ids] })
  }

  /** The second of `values` at the place that each id names along a new axis of size `depth`, the first elsewhere. */
  OneHot(ids: Value, depth: Dim, values: Value, options: { readonly axis?: number } = {}): Value {
    const inputs = [ids, this.dims([depth]), values]
    return this.one({ op: "OneHot", inputs, attributes: { axis: { int: options.axis ?? -1 } } })
  }

  /** start, start + delta, … below `limit`. `size` tells how many: a number, or a symbol that this range defines. */
  Range(start: Value, limit: Value, delta: Value, size: Dim): Value {
    return this.one({ op: "Range", inputs: [start, limit, delta], declared: [size] })
  }

  /** The shape of `x`, or of its axes from `start` up to `end`, as a 1-D int64 value. */
  Shape(x: Value, options: { readonly start?: number; readonly end?: number } = {}): Value {
    const { start = 0, end = x.shape.length } = options
    return this.one({ op: "Shape", inputs: [x], attributes: { start: { int: start }, end: { int: end } } })
  }

  /** A tensor filled with one number, of the type of `like`. */
  ConstantOfShape(shape: Shape, x = 0, like: Value | ElementType = "float32"): Value {
    const type = typeof like === "string" ? like : like.type
    const tensor = { type, shape: [1], bytes: bytesOf(arrayOf(type, [x])) }
    return this.one({ op: "ConstantOfShape", inputs: [this.dims(shape)], attributes: { value: { tensor } } })
  }
}
