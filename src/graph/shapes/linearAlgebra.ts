import type { Call, Signature } from "../Call.ts"
import { sameShape } from "../Dim.ts"
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

const MatMulNBits: ShapeRule = (call): ReadonlyArray<Signature> => {
  const { shape, type } = call.float(0)
  const [k, n, bits, size] = ["K", "N", "bits", "block_size"].map((name) => call.int(name, 0))
  if (!k || !n || !bits || !size) throw call.refusal("K, N, bits and block_size above 0")
  const blocks = Math.ceil(k / size)
  const quantized = [n, blocks, (size * bits) / 8]
  const fits =
    shape.at(-1) === k &&
    sameShape(call.typed(1, "uint8").shape, quantized) &&
    sameShape(call.typed(2, type).shape, [n, blocks])
  if (!fits)
    throw call.refusal(`[…, ${k}], uint8 [${quantized.join(", ")}] and as many scales as blocks, [${n}, ${blocks}]`)
  return [{ type, shape: [...shape.slice(0, -1), n] }]
}

/** Shapes of products of matrices in the standard domain. */
export const linearAlgebra = { Gemm, MatMul } as const satisfies Record<string, ShapeRule>

/** Shapes of products of matrices in the domain of ONNX Runtime. */
export const linearAlgebraMicrosoft = { FusedMatMul, MatMulNBits } as const satisfies Record<string, ShapeRule>
