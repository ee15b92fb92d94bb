import type { Ops, Value } from "../../../src/graph/mod.ts"
import { type Case, checked, given, use } from "../Case.ts"

type Unary = (op: Ops, x: Value) => Value
type Binary = (op: Ops, a: Value, b: Value) => Value

/** No share of a thread is a whole number of packets, on which kernels work. */
const big = { m: 127, n: 149 }

const unary = (
  call: Unary,
  options: { readonly range?: readonly [number, number]; readonly float32?: string } = {}
): ReadonlyArray<Case> => [
  use({ x: checked("m", "n") }, (op, { x }) => call(op, x), { ...options, big }),
  use({ x: checked() }, (op, { x }) => call(op, x), options)
]

const noFloat64 = "ONNX Runtime has a float32 kernel only on the CPU"

const binary = (call: Binary, chosen: { readonly range?: readonly [number, number] } = {}): ReadonlyArray<Case> => {
  const options = { ...chosen, big }
  return [
    use({ a: checked("m", "n"), b: checked("m", "n") }, (op, { a, b }) => call(op, a, b), options),
    use({ a: checked("m", "n"), b: checked("n") }, (op, { a, b }) => call(op, a, b), options),
    use({ a: checked(), b: checked("m", "n") }, (op, { a, b }) => call(op, a, b), options),
    use({ a: checked("m", 1), b: checked(2, 1, "n") }, (op, { a, b }) => call(op, a, b), options),
    use({ a: checked("m", "n") }, (op, { a }) => call(op, a, a), options)
  ]
}

/** A condition that holds for about half of `x`. */
const positive = (op: Ops, x: Value) => op.Greater(x, op.scalar(0, x))

/** Uses of the operators that the builder composes from others. */
export const composed = {
  Log: unary((op, x) => op.Log(x), { range: [0.5, 2] }),
  Softplus: unary((op, x) => op.Softplus(x))
}

/** Uses of the operators that work element by element. */
export const elementwise = {
  Add: binary((op, a, b) => op.Add(a, b)),
  Sub: binary((op, a, b) => op.Sub(a, b)),
  Mul: binary((op, a, b) => op.Mul(a, b)),
  Div: binary((op, a, b) => op.Div(a, b), { range: [0.5, 2] }),
  Pow: binary((op, a, b) => op.Pow(a, b), { range: [0.5, 2] }),
  Min: binary((op, a, b) => op.Min(a, b)),
  Max: binary((op, a, b) => op.Max(a, b)),
  Neg: unary((op, x) => op.Neg(x)),
  Abs: unary((op, x) => op.Abs(x)),
  Exp: unary((op, x) => op.Exp(x)),
  Sqrt: unary((op, x) => op.Sqrt(x), { range: [0.5, 2] }),
  Reciprocal: unary((op, x) => op.Reciprocal(x), { range: [0.5, 2] }),
  Sigmoid: unary((op, x) => op.Sigmoid(x)),
  Tanh: unary((op, x) => op.Tanh(x)),
  Erf: unary((op, x) => op.Erf(x), { float32: noFloat64 }),
  Relu: unary((op, x) => op.Relu(x)),
  Cos: unary((op, x) => op.Cos(x)),
  Sin: unary((op, x) => op.Sin(x)),
  Identity: unary((op, x) => op.Identity(x)),
  Cast: [
    use({ x: checked("m", "n") }, (op, { x }) => op.Mul(x, op.Cast(op.Cast(x, { to: "float64" }), { to: x.type })), {
      big
    })
  ],
  Where: [
    use(
      { c: given("m", "n"), a: checked("m", "n"), b: checked("n") },
      (op, { c, a, b }) => op.Where(positive(op, c), a, b),
      { big }
    ),
    use({ c: given("m", 1), a: checked("n"), b: checked() }, (op, { c, a, b }) => op.Where(positive(op, c), a, b), {
      big
    })
  ],
  Clip: [
    use(
      { x: checked("m", "n"), low: checked(), high: checked() },
      (op, { x, low, high }) => op.Clip(x, op.Min(low, high), op.Max(low, high)),
      { big }
    ),
    use({ x: checked("m", "n"), high: checked() }, (op, { x, high }) => op.Clip(x, undefined, high), { big }),
    use({ x: checked("m", "n"), low: checked() }, (op, { x, low }) => op.Clip(x, low), { big })
  ]
}
