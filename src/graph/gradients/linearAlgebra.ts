import { multiplyDims } from "../Dim.ts"
import type { Value } from "../Graph.ts"
import type { Ops } from "../Ops.ts"
import type { linearAlgebra as shapes, linearAlgebraMicrosoft as shapesMicrosoft } from "../shapes/linearAlgebra.ts"
import type { GradientRow, ReverseCall } from "./ReverseCall.ts"

const transposed = (op: Ops, x: Value): Value => {
  const rank = x.shape.length
  return op.Transpose(x, { perm: [...Array(rank - 2).keys(), rank - 1, rank - 2] })
}

type Product = (a: Value, b: Value, options: { readonly transA?: 0 | 1; readonly transB?: 0 | 1 }) => Value

/** The gradients of both operands of y = op(A)·op(B), each as one product in the layout of its operand. */
const operands = (call: ReverseCall, product: Product): readonly [Value, Value] => {
  const [a, b, dy] = [call.input(0), call.input(1), call.dy]
  const [transA, transB] = [call.int("transA", 0) === 1, call.int("transB", 0) === 1]
  return [
    transA ? product(b, dy, { transA: transB ? 1 : 0, transB: 1 }) : product(dy, b, { transB: transB ? 0 : 1 }),
    transB ? product(dy, a, { transA: 1, transB: transA ? 1 : 0 }) : product(a, dy, { transA: transA ? 0 : 1 })
  ]
}

const scaled = (op: Ops, x: Value, factor: number): Value => (factor === 1 ? x : op.Mul(x, op.scalar(factor, x)))

/** Rows of all batches below each other. */
const flat = (op: Ops, x: Value): Value => op.Reshape(x, [multiplyDims(x.shape.slice(0, -1)), x.shape.at(-1) ?? 1])

/** dB of a·B: one weight matrix for all batches takes a single product instead of a sum of products. */
const rightOperand = (op: Ops, a: Value, b: Value, dy: Value): Value =>
  b.shape.length === 2 && a.shape.length > 2
    ? op.Gemm(flat(op, a), flat(op, dy), undefined, { transA: 1 })
    : op.MatMul(transposed(op, a), dy)

/** Reverse rules of products of matrices in the standard domain. */
export const linearAlgebra = {
  Gemm: (op, call) => {
    const alpha = call.scale("alpha", 1)
    const [da, db] = operands(call, (a, b, options) => op.Gemm(a, b, undefined, { ...options, alpha }))
    return [da, db, scaled(op, call.dy, call.scale("beta", 1))]
  },
  MatMul: (op, call) => [
    op.MatMul(call.dy, transposed(op, call.input(1))),
    rightOperand(op, call.input(0), call.input(1), call.dy)
  ]
} as const satisfies Record<keyof typeof shapes, GradientRow>

/** Reverse rules of products of matrices in the domain of ONNX Runtime. */
export const linearAlgebraMicrosoft = {
  FusedMatMul: (op, call) => {
    const alpha = call.scale("alpha", 1)
    return operands(call, (a, b, options) => op.FusedMatMul(a, b, { ...options, alpha }))
  },
  MatMulNBits: "undifferentiable"
} as const satisfies Record<keyof typeof shapesMicrosoft, GradientRow>
