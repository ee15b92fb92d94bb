import type { Call, Signature } from "../Call.ts"
import type { Shape, Value } from "../Graph.ts"
import { broadcast } from "./broadcast.ts"
import type { ShapeRule } from "./ShapeRule.ts"

const swapped = (shape: Shape, transposed: boolean): Shape =>
  transposed ? [...shape.slice(0, -2), ...shape.slice(-2).toReversed()] : shape

const operands = (call: Call): readonly [Value, Value] => {
  const [a, b] = [call.float(0), call.float(1)]
  if (a.type !== b.type) throw call.refusal("operands of one type")
  return [a, b]
}

/** Shape of a·b, where the last two axes of `a` and `b` are rows and columns. */
const product = (call: Call, a: Shape, b: Shape): Shape => {
  const [m, k] = a.slice(-2)
  const [inner, n] = b.slice(-2)
  if (m === undefined || k === undefined || n === undefined || k !== inner) {
    throw call.refusal("two operands of at least 2 axes whose inner axes agree")
  }
  const batch = broadcast([a.slice(0, -2), b.slice(0, -2)])
  if (!batch) throw call.refusal("batch axes that broadcast")
  return [...batch, m, n]
}

const Gemm: ShapeRule = (call) => {
  const [a, b] = operands(call)
  if (a.shape.length !== 2 || b.shape.length !== 2) throw call.refusal("two operands of 2 axes")
  const shape = product(
    call,
    swapped(a.shape, call.int("transA", 0) === 1),
    swapped(b.shape, call.int("transB", 0) === 1)
  )
  const c = call.inputs[2]
  if (c) {
    const together = c.type === a.type && c.shape.length <= 2 ? broadcast([c.shape, shape]) : undefined
    if (!together || together.some((dim, i) => dim !== shape[i])) {
      throw call.refusal(`a bias that broadcasts to [${shape.join(", ")}]`)
    }
  }
  return [{ type: a.type, shape }]
}

const MatMul: ShapeRule = (call) => {
  const [a, b] = operands(call)
  return [{ type: a.type, shape: product(call, a.shape, b.shape) }]
}

const FusedMatMul: ShapeRule = (call): ReadonlyArray<Signature> => {
  const [a, b] = operands(call)
  const left = swapped(a.shape, call.int("transA", 0) === 1)
  const right = swapped(b.shape, call.int("transB", 0) === 1)
  return [{ type: a.type, shape: product(call, left, right) }]
}

/** Shapes of products of matrices in the standard domain. */
export const linearAlgebra = { Gemm, MatMul } as const satisfies Record<string, ShapeRule>

/** Shapes of products of matrices in the domain of ONNX Runtime. */
export const linearAlgebraMicrosoft = { FusedMatMul } as const satisfies Record<string, ShapeRule>
