import type { Call } from "../Call.ts"
import { elementTypes, onnxType } from "../ElementType.ts"
import type { Shape, Value } from "../Graph.ts"
import { broadcast } from "./broadcast.ts"
import type { ShapeRule } from "./ShapeRule.ts"

const together = (call: Call, values: ReadonlyArray<Value>): Shape => {
  const shape = broadcast(values.map((value) => value.shape))
  if (!shape) throw call.refusal("shapes that broadcast")
  return shape
}

const alike = (call: Call, first: number, second: number): readonly [Value, Value] => {
  const [a, b] = [call.input(first), call.input(second)]
  if (a.type !== b.type) throw call.refusal("operands of one type")
  return [a, b]
}

const numeric = (call: Call, i: number): Value => {
  const x = call.input(i)
  if (x.type === "bool") throw call.refusal(`a number at position ${i}`)
  return x
}

const unary: ShapeRule = (call) => {
  const { type, shape } = numeric(call, 0)
  return [{ type, shape }]
}

const unaryFloat: ShapeRule = (call) => {
  const { type, shape } = call.float(0)
  return [{ type, shape }]
}

const binary: ShapeRule = (call) => {
  const [a, b] = alike(call, 0, 1)
  numeric(call, 0)
  return [{ type: a.type, shape: together(call, [a, b]) }]
}

const comparison: ShapeRule = (call) => [{ type: "bool", shape: together(call, alike(call, 0, 1)) }]

const logical: ShapeRule = (call) => [
  {
    type: "bool",
    shape: together(
      call,
      call.inputs.map((_, i) => call.typed(i, "bool"))
    )
  }
]

const Where: ShapeRule = (call) => {
  const [a, b] = alike(call, 1, 2)
  return [{ type: a.type, shape: together(call, [call.typed(0, "bool"), a, b]) }]
}

const Clip: ShapeRule = (call) => {
  const x = numeric(call, 0)
  const bounds = call.inputs.slice(1).filter((bound) => bound !== undefined)
  if (bounds.some((bound) => bound.shape.length > 0 || bound.type !== x.type))
    throw call.refusal("scalar bounds of one type")
  return [{ type: x.type, shape: x.shape }]
}

const Cast: ShapeRule = (call) => {
  const type = elementTypes.find((each) => onnxType[each] === call.int("to", 0))
  if (!type) throw call.refusal(`"to" among ${elementTypes.join(", ")}`)
  return [{ type, shape: call.input(0).shape }]
}

const Identity: ShapeRule = (call) => [{ type: call.input(0).type, shape: call.input(0).shape }]

/** Shapes of operators that work element by element. */
export const elementwise = {
  Add: binary,
  Sub: binary,
  Mul: binary,
  Div: binary,
  Pow: binary,
  Min: binary,
  Max: binary,
  Neg: unary,
  Abs: unary,
  Sign: unary,
  Exp: unaryFloat,
  Sqrt: unaryFloat,
  Reciprocal: unaryFloat,
  Sigmoid: unaryFloat,
  Tanh: unaryFloat,
  Erf: unaryFloat,
  Relu: unaryFloat,
  Cos: unaryFloat,
  Sin: unaryFloat,
  Equal: comparison,
  Less: comparison,
  LessOrEqual: comparison,
  Greater: comparison,
  And: logical,
  Not: logical,
  Where,
  Clip,
  Cast,
  Identity
} as const satisfies Record<string, ShapeRule>
