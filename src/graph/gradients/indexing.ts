import { multiplyDims } from "../Dim.ts"
import type { Shape, Value } from "../Graph.ts"
import type { Ops } from "../Ops.ts"
import type { indexing as shapes } from "../shapes/indexing.ts"
import type { GradientRow, ReverseCall } from "./ReverseCall.ts"

/**
 * Zeros of `into` with slices of `dy` added at `ids` along an axis.
 *
 * Source   ScatterElements with expanded ids: ScatterND with reduction "add" loses updates on the CPU when ids repeat.
 * Shapes   ids: [n]; dy: as `into`, with n at the axis.
 */
const scatterSlices = (
  op: Ops,
  options: { readonly into: Shape; readonly axis: number; readonly ids: Value; readonly dy: Value }
): Value => {
  const { into, axis, dy } = options
  const column = op.Reshape(
    options.ids,
    dy.shape.map((dim, i) => (i === axis ? dim : 1))
  )
  const zeros = op.ConstantOfShape(into, 0, dy)
  return op.ScatterElements(zeros, op.Expand(column, dy.shape), dy, { axis, reduction: "add" })
}

/** Tuples of places as places in the flattened leading axes. */
const flatIds = (op: Ops, leading: Shape, ids: Value): Value => {
  const strides = op.dims(leading.map((_, i) => multiplyDims(leading.slice(i + 1))))
  const sizes = op.dims(leading)
  const negative = op.Cast(op.Less(ids, op.scalar(0, ids)), { to: ids.type })
  const fromFront = op.Add(ids, op.Mul(negative, sizes))
  const flat = op.ReduceSum(op.Mul(fromFront, strides), { axes: [-1], keepdims: 0 })
  return op.Reshape(flat, [multiplyDims(ids.shape.slice(0, -1))])
}

const axisOf = (call: ReverseCall): number => call.axisOf(call.int("axis", 0), call.x.shape.length)

/** Reverse rules of operators that pick, place or count elements. */
export const indexing = {
  Gather: (op, call) => {
    const { shape } = call.x
    const axis = axisOf(call)
    const count = multiplyDims(call.input(1).shape)
    const ids = op.Reshape(call.input(1), [count])
    const dy = op.Reshape(call.dy, shape.with(axis, count))
    return [scatterSlices(op, { into: shape, axis, ids, dy })]
  },
  GatherElements: (op, call) => {
    const zeros = op.ConstantOfShape(call.x.shape, 0, call.dy)
    return [op.ScatterElements(zeros, call.input(1), call.dy, { axis: axisOf(call), reduction: "add" })]
  },
  // "none" wants ids that do not repeat: which of two updates stays is not defined
  ScatterElements: (op, call) => {
    const [axis, reduction, ids] = [axisOf(call), call.text("reduction", "none"), call.input(1)]
    if (reduction !== "add" && reduction !== "none") return []
    const cleared = () =>
      op.ScatterElements(call.dy, ids, op.ConstantOfShape(ids.shape, 0, call.dy), { axis, reduction: "none" })
    return [reduction === "add" ? call.dy : cleared(), undefined, op.GatherElements(call.dy, ids, { axis })]
  },
  GatherND: (op, call) => {
    const { shape } = call.x
    const ids = call.input(1)
    const depth = Number(ids.shape.at(-1))
    const [leading, rest] = [shape.slice(0, depth), shape.slice(depth)]
    const flat = flatIds(op, leading, ids)
    const dy = op.Reshape(call.dy, [flat.shape[0] ?? 1, ...rest])
    const sums = scatterSlices(op, { into: [multiplyDims(leading), ...rest], axis: 0, ids: flat, dy })
    return [op.Reshape(sums, shape)]
  },
  OneHot: "undifferentiable",
  Range: "undifferentiable",
  Shape: "constant",
  ConstantOfShape: "constant"
} as const satisfies Record<keyof typeof shapes, GradientRow>
