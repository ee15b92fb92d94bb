import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { differentiate, Ops } from "../../src/graph/mod.ts"
import { type Activation, geluTanh, silu } from "../../src/model/blocks/activation.ts"
import { OnnxRuntime } from "../../src/runtime/mod.ts"
import { evaluate } from "../graph/evaluate.ts"
import { distance } from "../recordings.ts"

const places = Float64Array.of(-30, -3, -1, -0.5, 0, 0.5, 1, 3, 30)

/** σ, the curves and their sums are float64. */
const tolerance = 1e-12

/** A central difference of step 1e-5 is off by about h²·f‴/6, and by rounding over h. */
const differenceTolerance = 1e-9

const run = Effect.fnUntraced(function* (activation: Activation, at: Float64Array<ArrayBuffer>) {
  const op = new Ops("activation")
  const x = op.input("x", "float64", [at.length])
  op.output(activation(op, x), "y")
  const sum = op.output(op.ReduceSum(activation(op, x), { keepdims: 0 }), "sum")
  const { graph, gradients } = differentiate(op.build(), { of: sum, withRespectTo: [x] })
  const extended = Ops.extend(graph)
  for (const gradient of gradients.values()) extended.output(gradient, "dx")
  const found = yield* evaluate(extended.build(), { x: { data: at, shape: [at.length] } })
  return { y: Array.from(found["y"] ?? [], Number), dx: Array.from(found["dx"] ?? [], Number) }
})

const formulas = {
  silu: [silu, (x: number) => x / (1 + Math.exp(-x))],
  geluTanh: [geluTanh, (x: number) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)))]
} as const

layer(OnnxRuntime.layer({ threads: 1 }))("activation", (it) => {
  for (const [name, [activation, formula]] of Object.entries(formulas)) {
    it.effect(`${name}() is its formula, and finite far from 0`, () =>
      Effect.gen(function* () {
        const { y } = yield* run(activation, places)
        assert.isBelow(distance(y, Array.from(places, formula)), tolerance)
      })
    )

    it.effect(`${name}() has the slope of its formula`, () =>
      Effect.gen(function* () {
        const { dx } = yield* run(activation, places)
        const h = 1e-5
        const slopes = Array.from(places, (x) => (formula(x + h) - formula(x - h)) / (2 * h))
        assert.isBelow(distance(dx, slopes), differenceTolerance)
      })
    )
  }
})
