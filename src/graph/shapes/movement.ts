import type { Call } from "../Call.ts"
import { addDims, multiplyDims, sameShape, subtractDims, termsOf } from "../Dim.ts"
import type { Dim, Shape } from "../Graph.ts"
import { broadcast } from "./broadcast.ts"
import type { ShapeRule } from "./ShapeRule.ts"

const content = (call: Call, i: number, what: string): Shape => {
  const dims = call.contentOf(i)
  if (!dims) throw call.refusal(`${what} at position ${i} that are known`)
  return dims
}

const Transpose: ShapeRule = (call) => {
  const { type, shape } = call.input(0)
  const perm = call.ints("perm") ?? []
  if (
    !sameShape(
      perm.toSorted((a, b) => a - b),
      shape.map((_, i) => i)
    )
  ) {
    throw call.refusal(`"perm" that orders ${shape.length} axes, not [${perm.join(", ")}]`)
  }
  return [{ type, shape: perm.map((axis) => shape[axis] ?? 1) }]
}

const symbolsOf = (shape: Shape): ReadonlyArray<string> =>
  shape.flatMap((dim) => termsOf(dim).flatMap((term) => term.symbols))

/** One element count, or a new symbol on one side that the reshape defines. */
const Reshape: ShapeRule = (call) => {
  const { type, shape } = call.input(0)
  const target = call.declared
  if (!target) throw call.refusal("a declared shape")
  const known = symbolsOf(shape)
  const defines = symbolsOf(target).some((symbol) => !known.includes(symbol))
  const numeric = [shape, target].every((dims) => dims.every((dim) => typeof dim === "number"))
  if (multiplyDims(shape) !== multiplyDims(target) && (numeric || !defines)) {
    throw call.refusal(`as many elements as [${target.join(", ")}]`)
  }
  return [{ type, shape: target }]
}

const Expand: ShapeRule = (call) => {
  const { type, shape } = call.input(0)
  const target = content(call, 1, "dimensions")
  const together = broadcast([shape, target])
  if (!together || !sameShape(together, target)) throw call.refusal(`a shape that broadcasts to [${target.join(", ")}]`)
  return [{ type, shape: target }]
}

const Unsqueeze: ShapeRule = (call) => {
  const { type, shape } = call.input(0)
  const rank = shape.length + call.numbersOf(1).length
  const axes = new Set(call.numbersOf(1).map((axis) => call.axisOf(axis, rank)))
  const rest = shape.values()
  return [{ type, shape: Array.from({ length: rank }, (_, i) => (axes.has(i) ? 1 : (rest.next().value ?? 1))) }]
}

const Squeeze: ShapeRule = (call) => {
  const { type, shape } = call.input(0)
  const axes = call.numbersOf(1).map((axis) => call.axisOf(axis, shape.length))
  if (axes.some((axis) => shape[axis] !== 1)) throw call.refusal(`size 1 at axes ${axes.join(", ")}`)
  return [{ type, shape: shape.filter((_, i) => !axes.includes(i)) }]
}

const Concat: ShapeRule = (call) => {
  const values = call.inputs.map((_, i) => call.input(i))
  const { type, shape } = call.input(0)
  const axis = call.axisOf(call.int("axis", 0), shape.length)
  const agree = values.every(
    (value) =>
      value.type === type &&
      value.shape.length === shape.length &&
      sameShape(value.shape.with(axis, 1), shape.with(axis, 1))
  )
  if (!agree) throw call.refusal(`one type and, but for axis ${axis}, one shape`)
  return [{ type, shape: shape.with(axis, addDims(values.map((value) => value.shape[axis] ?? 1))) }]
}

const Split: ShapeRule = (call) => {
  const { type, shape } = call.input(0)
  const axis = call.axisOf(call.int("axis", 0), shape.length)
  const sizes = content(call, 1, "sizes")
  if (sizes.length !== call.node.outputs.length || addDims(sizes) !== shape[axis]) {
    throw call.refusal(`sizes that add up to ${shape[axis]}`)
  }
  return sizes.map((size) => ({ type, shape: shape.with(axis, size) }))
}

const sliced = (start: Dim, end: Dim, step: number): Dim | undefined => {
  const size = subtractDims(end, start)
  if (step < 1) return undefined
  if (typeof size === "number") return Math.max(0, Math.ceil(size / step))
  return step === 1 ? size : undefined
}

/** Ranges as the builder writes them: within the axis, 0 ≤ start ≤ end. */
const Slice: ShapeRule = (call) => {
  const { type, shape } = call.input(0)
  const [starts, ends] = [content(call, 1, "starts"), content(call, 2, "ends")]
  const [axes, steps] = [call.numbersOf(3), call.numbersOf(4)]
  const dims = axes.reduce<Shape>((result, axis, i) => {
    const size = sliced(starts[i] ?? 0, ends[i] ?? 0, steps[i] ?? 1)
    if (size === undefined) throw call.refusal(`a positive step and a range of known size on axis ${axis}`)
    return result.with(call.axisOf(axis, shape.length), size)
  }, shape)
  return [{ type, shape: dims }]
}

const Pad: ShapeRule = (call) => {
  const { type, shape } = call.input(0)
  const pads = content(call, 1, "sizes")
  if (pads.length !== 2 * shape.length) throw call.refusal(`${2 * shape.length} pads`)
  return [{ type, shape: shape.map((dim, i) => addDims([pads[i] ?? 0, dim, pads[i + shape.length] ?? 0])) }]
}

const Tile: ShapeRule = (call) => {
  const { type, shape } = call.input(0)
  const repeats = content(call, 1, "repeats")
  if (repeats.length !== shape.length) throw call.refusal(`${shape.length} repeats`)
  return [{ type, shape: shape.map((dim, i) => multiplyDims([dim, repeats[i] ?? 1])) }]
}

const Trilu: ShapeRule = (call) => {
  const { type, shape } = call.input(0)
  if (shape.length < 2) throw call.refusal("at least 2 axes")
  return [{ type, shape }]
}

/** Shapes of operators that move elements without changing them. */
export const movement = {
  Transpose,
  Reshape,
  Expand,
  Unsqueeze,
  Squeeze,
  Concat,
  Split,
  Slice,
  Pad,
  Tile,
  Trilu
} as const satisfies Record<string, ShapeRule>
