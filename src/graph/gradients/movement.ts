import { subtractDims } from "../Dim.ts"
import type { Shape, Value } from "../Graph.ts"
import type { Ops } from "../Ops.ts"
import type { movement as shapes } from "../shapes/movement.ts"
import type { GradientRow, ReverseCall } from "./ReverseCall.ts"

const known = (call: ReverseCall, i: number): Shape => {
  const content = call.contentOf(i)
  if (!content) throw call.refusal(`known numbers at position ${i}`)
  return content
}

/** The gradient of a strided range along one axis, at its places among zeros. */
const scattered = (
  op: Ops,
  options: {
    readonly dy: Value
    readonly axis: number
    readonly start: number
    readonly step: number
    readonly into: Shape
  }
): Value => {
  const { dy, axis, start, step, into } = options
  const size = Number(dy.shape[axis])
  const places = op.int64(...Array.from({ length: size }, (_, i) => start + i * step))
  const ids = op.Reshape(
    places,
    dy.shape.map((_, i) => (i === axis ? size : 1))
  )
  return op.ScatterElements(op.ConstantOfShape(into, 0, dy), op.Expand(ids, dy.shape), dy, { axis })
}

/** Reverse rules of operators that move elements without changing them. */
export const movement = {
  Transpose: (op, call) => {
    const perm = call.ints("perm") ?? []
    return [op.Transpose(call.dy, { perm: perm.map((_, i) => perm.indexOf(i)) })]
  },
  Reshape: (op, { x, dy }) => [op.Reshape(dy, x.shape)],
  Expand: (_, { dy }) => [dy],
  Unsqueeze: (op, { x, dy }) => [op.Reshape(dy, x.shape)],
  Squeeze: (op, { x, dy }) => [op.Reshape(dy, x.shape)],
  Concat: (op, call) => {
    const axis = call.axisOf(call.int("axis", 0), call.x.shape.length)
    return op.Split(call.dy, { axis, split: call.inputs.map((_, i) => call.input(i).shape[axis] ?? 1) })
  },
  Split: (op, call) => {
    const pieces = call.node.outputs.map((_, i) => call.dyOf(i) ?? op.ConstantOfShape(call.output(i).shape, 0, call.x))
    return [op.Concat(pieces, { axis: call.int("axis", 0) })]
  },
  Slice: (op, call) => {
    const { shape } = call.x
    const [starts, ends] = [known(call, 1), known(call, 2)]
    const [axes, steps] = [call.numbersOf(3), call.numbersOf(4)]
    // strided axes first, each among the zeros of its own axis; then one Pad for all the others
    const dy = axes.reduce((gradient, axis, i) => {
      const [start, step] = [starts[i] ?? 0, steps[i] ?? 1]
      if (step === 1) return gradient
      if (typeof start === "string") throw call.refusal("a strided range that starts at a known place")
      return scattered(op, { dy: gradient, axis, start, step, into: gradient.shape.with(axis, shape[axis] ?? 1) })
    }, call.dy)
    const padded = (dims: (axis: number, i: number) => Shape[number]) =>
      shape.map((_, axis) => (steps[axes.indexOf(axis)] === 1 ? dims(axis, axes.indexOf(axis)) : 0))
    const before = padded((_, i) => starts[i] ?? 0)
    const after = padded((axis, i) => subtractDims(shape[axis] ?? 1, ends[i] ?? 0))
    return [[...before, ...after].every((pad) => pad === 0) ? dy : op.Pad(dy, { before, after })]
  },
  Pad: (op, call) => {
    const pads = known(call, 1)
    const { shape } = call.x
    const axes = shape.map((_, i) => i)
    const starts = pads.slice(0, shape.length)
    const ends = axes.map((axis) => subtractDims(call.y.shape[axis] ?? 1, pads[axis + shape.length] ?? 0))
    return [op.Slice(call.dy, { starts, ends, axes })]
  },
  // [r·d] is [r, d], summed over r
  Tile: (op, call) => {
    const { shape } = call.x
    const repeats = known(call, 1)
    const apart = op.Reshape(
      call.dy,
      shape.flatMap((dim, i) => [repeats[i] ?? 1, dim])
    )
    return [op.ReduceSum(apart, { axes: shape.map((_, i) => 2 * i), keepdims: 0 })]
  },
  Trilu: (op, call) => [op.Trilu(call.dy, { upper: call.int("upper", 1) === 1 ? 1 : 0, k: call.input(1) })]
} as const satisfies Record<keyof typeof shapes, GradientRow>
