import type { Call, Signature } from "../Call.ts"
import type { Value } from "../Graph.ts"
import type { ShapeRule } from "./ShapeRule.ts"

const reduced = (call: Call, x: Value, axes: ReadonlyArray<number>): Signature => {
  const shape =
    call.int("keepdims", 1) === 1
      ? x.shape.map((dim, i) => (axes.includes(i) ? 1 : dim))
      : x.shape.filter((_, i) => !axes.includes(i))
  return { type: x.type, shape }
}

const reduction: ShapeRule = (call) => [reduced(call, call.input(0), call.reducedAxes())]

const floatReduction: ShapeRule = (call) => [reduced(call, call.float(0), call.reducedAxes())]

const ArgMax: ShapeRule = (call) => {
  const x = call.input(0)
  return [{ ...reduced(call, x, [call.axisOf(call.int("axis", 0), x.shape.length)]), type: "int64" }]
}

const alongAxis: ShapeRule = (call) => {
  const { type, shape } = call.float(0)
  call.axisOf(call.int("axis", -1), shape.length)
  return [{ type, shape }]
}

const CumSum: ShapeRule = (call) => {
  const { type, shape } = call.input(0)
  if (shape.length === 0) throw call.refusal("at least 1 axis")
  if (call.typed(1, "int64", "int32").shape.length > 0) throw call.refusal("a scalar axis")
  return [{ type, shape }]
}

const TopK: ShapeRule = (call) => {
  const x = call.input(0)
  const [k] = call.contentOf(1) ?? []
  if (k === undefined) throw call.refusal("a known count at position 1")
  const axis = call.axisOf(call.int("axis", -1), x.shape.length)
  const shape = x.shape.with(axis, k)
  return [
    { type: x.type, shape },
    { type: "int64", shape }
  ]
}

/** Shapes of operators that combine the elements along axes. */
export const reductions = {
  ReduceSum: reduction,
  ReduceMean: reduction,
  ReduceMax: reduction,
  ReduceLogSum: floatReduction,
  ReduceSumSquare: reduction,
  ArgMax,
  CumSum,
  Softmax: alongAxis,
  LogSoftmax: alongAxis,
  TopK
} as const satisfies Record<string, ShapeRule>
