import { isFloat } from "../ElementType.ts"
import type { Value } from "../Graph.ts"
import type { Ops } from "../Ops.ts"
import type { elementwise as shapes } from "../shapes/elementwise.ts"
import type { GradientRow, ReverseRule } from "./ReverseCall.ts"

/** `dy` where the condition holds, else 0. */
const only = (op: Ops, condition: Value, dy: Value): Value => op.Mul(dy, op.Cast(condition, { to: dy.type }))

/** dx of the smaller or larger of two: to the one that was taken, half to each of two equal ones. */
const extremum: ReverseRule = (op, { x: a, inputs: [, second], y, dy }) => {
  const b = second ?? a
  const half = op.Mul(dy, op.scalar(0.5, dy))
  const share = (from: Value, other: Value) => {
    const all = only(op, op.Equal(from, y), dy)
    return op.Sub(all, only(op, op.Equal(from, other), half))
  }
  return [share(a, b), share(b, a)]
}

const one = (op: Ops, like: Value): Value => op.scalar(1, like)

/** Reverse rules of operators that work element by element. */
export const elementwise = {
  Add: (_, { dy }) => [dy, dy],
  Sub: (op, { dy }) => [dy, op.Neg(dy)],
  Mul: (op, call) => [op.Mul(call.dy, call.input(1)), op.Mul(call.dy, call.input(0))],
  // d(a/b) = da/b − y·db/b
  Div: (op, call) => {
    const da = op.Div(call.dy, call.input(1))
    return [da, op.Neg(op.Mul(da, call.y))]
  },
  // d(aᵇ) = b·aᵇ⁻¹·da + aᵇ·ln a·db; the second wants a > 0
  Pow: (op, call) => {
    const [a, b] = [call.input(0), call.input(1)]
    const slope = op.Mul(b, op.Pow(a, op.Sub(b, one(op, b))))
    return [op.Mul(call.dy, slope), op.Mul(call.dy, op.Mul(call.y, op.Log(a)))]
  },
  Min: extremum,
  Max: extremum,
  Neg: (op, { dy }) => [op.Neg(dy)],
  Abs: (op, { x, dy }) => [op.Mul(dy, op.Sign(x))],
  Sign: "constant",
  Exp: (op, { y, dy }) => [op.Mul(dy, y)],
  Sqrt: (op, { y, dy }) => [op.Div(op.Mul(dy, op.scalar(0.5, dy)), y)],
  // d(1/x) = −y²·dx
  Reciprocal: (op, { y, dy }) => [op.Neg(op.Mul(dy, op.Mul(y, y)))],
  // dσ = σ·(1 − σ)·dx
  Sigmoid: (op, { y, dy }) => [op.Mul(dy, op.Mul(y, op.Sub(one(op, y), y)))],
  Tanh: (op, { y, dy }) => [op.Mul(dy, op.Sub(one(op, y), op.Mul(y, y)))],
  // d erf = 2/√π·exp(−x²)·dx
  Erf: (op, { x, dy }) => [op.Mul(dy, op.Mul(op.scalar(2 / Math.sqrt(Math.PI), x), op.Exp(op.Neg(op.Mul(x, x)))))],
  Relu: (op, { x, dy }) => [only(op, op.Greater(x, op.scalar(0, x)), dy)],
  Cos: (op, { x, dy }) => [op.Neg(op.Mul(dy, op.Sin(x)))],
  Sin: (op, { x, dy }) => [op.Mul(dy, op.Cos(x))],
  Equal: "constant",
  Less: "constant",
  LessOrEqual: "constant",
  Greater: "constant",
  And: "constant",
  Not: "constant",
  Where: (op, call) => {
    const zero = op.scalar(0, call.dy)
    const condition = call.input(0)
    return [undefined, op.Where(condition, call.dy, zero), op.Where(condition, zero, call.dy)]
  },
  // at a bound itself the gradient goes to x
  Clip: (op, call) => {
    const [x, min, max] = call.inputs
    if (!x) return []
    const below = min && op.Less(x, min)
    const above = max && op.Greater(x, max)
    const outside = [below, above].filter((each) => each !== undefined)
    const dx = outside.reduce((dy, each) => op.Sub(dy, only(op, each, dy)), call.dy)
    return [dx, below && only(op, below, call.dy), above && only(op, above, call.dy)]
  },
  Cast: (op, { x, dy }) => [isFloat(x.type) ? op.Cast(dy, { to: x.type }) : undefined],
  Identity: (_, { dy }) => [dy]
} as const satisfies Record<keyof typeof shapes, GradientRow>
