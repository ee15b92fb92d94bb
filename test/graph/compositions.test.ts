import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { differentiate, GraphError, Ops, type Value } from "../../src/graph/mod.ts"
import { key, uniform } from "../../src/random/mod.ts"
import { OnnxRuntime } from "../../src/runtime/mod.ts"
import { checked, feedsOf } from "./Case.ts"
import { evaluate, open } from "./evaluate.ts"

const SEEDS = Array.from({ length: 40 }, (_, i) => i)
const NODES = 12
const STEP = 1e-5

/** The difference is off by STEP² times a third derivative of up to about 1e3 in a deep composition, plus rounding of 1e-10. */
const TOLERANCE = 1e-6

const inputs = {
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

const compose = (seed: number) => {
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

layer(OnnxRuntime.layer({ threads: 1 }))("differentiate()", (it) => {
  for (const seed of SEEDS) {
    it.effect(`gives the slopes of composition ${seed}`, () =>
      Effect.scoped(
        Effect.gen(function* () {
          const sizes = { m: 1 + (seed % 3), n: 2 + (seed % 2), k: 3 }
          const { op, leaves, scalar } = compose(seed)
          const graph = op.build()
          const result = differentiate(graph, { of: scalar, withRespectTo: leaves })
          const more = Ops.extend(result.graph)
          for (const [name, gradient] of result.gradients) more.output(gradient, `gradient of ${name}`)
          const feeds = feedsOf({ inputs, range: [-2, 2] }, "float64", sizes, seed)
          const found = yield* evaluate(more.build(), feeds, sizes)
          const { run, fetched } = yield* open(graph, feeds, sizes)
          for (const { name } of leaves) {
            const data = feeds[name]?.data
            if (!(data instanceof Float64Array)) throw new RangeError(`Input "${name}" has no numbers`)
            for (let i = 0; i < data.length; i++) {
              const x = data[i] ?? 0
              const at = (value: number) => {
                data[i] = value
                return Effect.map(run, () => Number(fetched("scalar")[0]))
              }
              const slope = ((yield* at(x + STEP)) - (yield* at(x - STEP))) / (2 * STEP)
              data[i] = x
              const allowed = TOLERANCE * Math.max(1, Math.abs(slope))
              assert.closeTo(Number(found[`gradient of ${name}`]?.[i]), slope, allowed, `${name}[${i}]`)
            }
          }
        })
      )
    )
  }
})
