import { GraphError, Ops, type Value } from "../../src/graph/mod.ts"
import { key, uniform } from "../../src/random/mod.ts"
import { checked } from "./Case.ts"

const NODES = 12

/** The inputs of every composition. */
export const inputs = {
  a: checked("m", "n"),
  b: checked("n"),
  c: checked(),
  d: checked("m", 1),
  e: checked("n", "k")
}

type Pick = (count: number) => number

/** How a composition grows: smooth functions of values that are there, bounded so that slopes stay readable. */
const growths: ReadonlyArray<(op: Ops, value: () => Value, pick: Pick) => Value> = [
  (op, value) => op.Tanh(value()),
  (op, value) => op.Sin(value()),
  (op, value) => op.Exp(op.Sigmoid(value())),
  (op, value) => op.Log(op.Add(op.scalar(1.5, "float64"), op.Sigmoid(value()))),
  (op, value) => op.Add(value(), value()),
  (op, value) => op.Sub(value(), value()),
  (op, value) => op.Tanh(op.Mul(value(), value())),
  (op, value) => op.Div(value(), op.Add(op.scalar(1.5, "float64"), op.Sigmoid(value()))),
  (op, value) => op.Max(value(), value()),
  (op, value) => op.Tanh(op.MatMul(value(), value())),
  (op, value) => op.Gemm(op.Tanh(value()), value(), undefined, { transB: 1, alpha: 0.5 }),
  (op, value, pick) => {
    const x = value()
    return op.ReduceMean(x, { axes: [pick(x.shape.length)], keepdims: pick(2) === 0 ? 0 : 1 })
  },
  (op, value, pick) => {
    const x = value()
    return op.Tanh(op.ReduceSum(x, { axes: [pick(x.shape.length)], keepdims: 1 }))
  },
  (op, value) => op.Softmax(value(), { axis: -1 }),
  (op, value) => op.LogSoftmax(value(), { axis: 0 }),
  (op, value) => op.CumSum(value(), op.scalar(0, "int64")),
  (op, value) => {
    const x = value()
    return op.Reshape(x, [[...x.shape].reverse().join("*") || 1])
  },
  (op, value) => {
    const x = value()
    return op.Transpose(x, { perm: x.shape.map((_, i) => i).reverse() })
  },
  (op, value) => op.Concat([value(), value()], { axis: 0 }),
  (op, value) => op.Gather(value(), op.int64(0, -1, 0), { axis: 0 }),
  (op, value) => {
    const x = value()
    return op.composite(
      "Cube",
      [x],
      () => ({ output: op.Mul(x, op.Mul(x, x)), saved: [] }),
      (back, { inputs: [from = x], dy }) => [back.Mul(dy, back.Mul(back.scalar(3, dy), back.Mul(from, from)))]
    )
  }
]

/** A growth on values that do not fit is left out. */
const attempt = (grow: () => Value): Value | undefined => {
  try {
    return grow()
  } catch (error) {
    if (error instanceof GraphError && error.reason._tag === "CallInvalid") return undefined
    throw error
  }
}

/** A random composition of operators down to a scalar, a pure function of the seed. */
export const compose = (seed: number) => {
  const op = new Ops(`composition ${seed}`)
  const values = Object.entries(inputs).map(([name, input]) => op.input(name, "float64", input.shape))
  const leaves = [...values]
  const random = key("compositions", seed)
  let draws = 0
  const pick: Pick = (count) => Math.floor(uniform(random, draws++) * count)
  while (values.length < leaves.length + NODES) {
    const grow = growths[pick(growths.length)]
    const value = grow && attempt(() => grow(op, () => values[pick(values.length)] ?? op.scalar(0, "float64"), pick))
    if (value && value.shape.length <= 3) values.push(value)
  }
  const scalar = values.map((value) => op.ReduceMean(value, { keepdims: 0 })).reduce((a, b) => op.Add(a, b))
  return { op, leaves, scalar: op.output(scalar, "scalar") }
}
