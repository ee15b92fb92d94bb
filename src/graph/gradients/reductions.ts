import { multiplyDims } from "../Dim.ts"
import type { Shape, Value } from "../Graph.ts"
import type { Ops } from "../Ops.ts"
import type { reductions as shapes } from "../shapes/reductions.ts"
import type { GradientRow, ReverseCall } from "./ReverseCall.ts"

/** A value of the reduced shape with its reduced axes back, at size 1. */
const kept = (op: Ops, call: ReverseCall, value: Value): Value =>
  call.int("keepdims", 1) === 1 || call.reducedAxes().length === 0 ? value : op.Unsqueeze(value, call.reducedAxes())

/** 1 / (number of elements in `shape`), also where that is known only when the graph runs. */
const reciprocalCount = (op: Ops, shape: Shape, like: Value): Value => {
  const count = multiplyDims(shape)
  if (typeof count === "number") return op.scalar(1 / count, like)
  return op.Reciprocal(op.Cast(op.Squeeze(op.dims([count]), [0]), { to: like.type }))
}

const lastAxis = (call: ReverseCall): { readonly axes: ReadonlyArray<number>; readonly keepdims: 1 } => ({
  axes: [call.int("axis", -1)],
  keepdims: 1
})

/** Reverse rules of operators that combine the elements along axes. */
export const reductions = {
  ReduceSum: (op, call) => [op.Expand(kept(op, call, call.dy), call.x.shape)],
  ReduceMean: (op, call) => {
    const { shape } = call.x
    const scale = reciprocalCount(
      op,
      call.reducedAxes().map((axis) => shape[axis] ?? 1),
      call.dy
    )
    return [op.Expand(op.Mul(kept(op, call, call.dy), scale), shape)]
  },
  // equal largest elements share the gradient in equal parts
  ReduceMax: (op, call) => {
    const largest = op.Cast(op.Equal(call.x, kept(op, call, call.y)), { to: call.x.type })
    const ties = op.ReduceSum(largest, { axes: call.reducedAxes(), keepdims: 1 })
    return [op.Mul(largest, op.Div(kept(op, call, call.dy), ties))]
  },
  // d ln Σx = dx / Σx
  ReduceLogSum: (op, call) => {
    const sum = op.ReduceSum(call.x, { axes: call.reducedAxes(), keepdims: 1 })
    return [op.Expand(op.Div(kept(op, call, call.dy), sum), call.x.shape)]
  },
  ReduceSumSquare: (op, call) => [op.Mul(op.Mul(call.x, op.scalar(2, call.x)), kept(op, call, call.dy))],
  ArgMax: "constant",
  CumSum: (op, call) => {
    const reverse = call.int("reverse", 0) === 1 ? 0 : 1
    return [op.CumSum(call.dy, call.input(1), { exclusive: call.int("exclusive", 0) === 1 ? 1 : 0, reverse })]
  },
  // dx = y·(dy − Σ y·dy)
  Softmax: (op, call) => {
    const drift = op.ReduceSum(op.Mul(call.y, call.dy), lastAxis(call))
    return [op.Mul(call.y, op.Sub(call.dy, drift))]
  },
  // dx = dy − exp(y)·Σ dy
  LogSoftmax: (op, call) => [op.Sub(call.dy, op.Mul(op.Exp(call.y), op.ReduceSum(call.dy, lastAxis(call))))],
  TopK: (op, call) => [
    op.ScatterElements(op.ConstantOfShape(call.x.shape, 0, call.x), call.output(1), call.dy, {
      axis: call.axisOf(call.int("axis", -1), call.x.shape.length)
    })
  ]
} as const satisfies Record<keyof typeof shapes, GradientRow>
