import { sameShape } from "./Dim.ts"
import type { Shape, Value } from "./Graph.ts"
import type { Ops } from "./Ops.ts"

/** `x` summed over the axes along which `shape` was repeated to become the shape of `x`. */
export const sumToShape = (op: Ops, x: Value, shape: Shape): Value => {
  if (sameShape(x.shape, shape)) return x
  const extra = x.shape.length - shape.length
  const leading = Array.from({ length: extra }, (_, i) => i)
  const stretched = shape.flatMap((dim, i) => (dim === 1 && x.shape[i + extra] !== 1 ? [i + extra] : []))
  const lessAxes = extra > 0 ? op.ReduceSum(x, { axes: leading, keepdims: 0 }) : x
  const axes = stretched.map((axis) => axis - extra)
  return axes.length > 0 ? op.ReduceSum(lessAxes, { axes, keepdims: 1 }) : lessAxes
}
