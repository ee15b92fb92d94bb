import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { Ops, type Value } from "../../src/graph/mod.ts"
import { OnnxRuntime } from "../../src/runtime/mod.ts"
import { evaluate } from "./evaluate.ts"

/** A few roundings of float32, 2^-24 each, one after another. */
const RELATIVE = 2 ** -21

const valuesOf = Effect.fnUntraced(function* (build: (op: Ops, x: Value) => Value, xs: ReadonlyArray<number>) {
  const op = new Ops("values")
  op.output(build(op, op.input("x", "float32", [xs.length])), "y")
  const found = yield* evaluate(op.build(), { x: { data: Float32Array.from(xs), shape: [xs.length] } })
  return Array.from(found["y"] ?? [], Number)
})

layer(OnnxRuntime.layer({ threads: 1 }))("Ops", (it) => {
  it.effect("Softplus() is x or 0 far from 0, and keeps infinities and what is no number", () =>
    Effect.gen(function* () {
      const xs = [-Infinity, -1000, -200, 0, 30, 1000, Infinity, Number.NaN]
      const found = yield* valuesOf((op, x) => op.Softplus(x), xs)
      assert.deepStrictEqual(found, [0, 0, 0, Math.fround(Math.LN2), 30, 1000, Infinity, Number.NaN])
    })
  )

  it.effect("Softplus() is as exact for small results as for large ones", () =>
    Effect.gen(function* () {
      const xs = [-80, -40, -20, -16.75, -12.5, -5, -1, -(2 ** -10), 2 ** -10, 1, 5, 12.5]
      const found = yield* valuesOf((op, x) => op.Softplus(x), xs)
      xs.forEach((x, i) => {
        const wanted = Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))
        assert.closeTo(found[i] ?? Number.NaN, wanted, wanted * RELATIVE, `softplus(${x})`)
      })
    })
  )

  it.effect("Log() is the natural logarithm, −∞ at 0 and no number below", () =>
    Effect.gen(function* () {
      const found = yield* valuesOf((op, x) => op.Log(x), [0, 1, Infinity, -1])
      assert.deepStrictEqual(found, [-Infinity, 0, Infinity, Number.NaN])
      const xs = [2 ** -120, 1e-7, 0.999, 2, Math.fround(1e30)]
      const others = yield* valuesOf((op, x) => op.Log(x), xs)
      xs.forEach((x, i) => {
        const wanted = Math.log(Math.fround(x))
        assert.closeTo(others[i] ?? Number.NaN, wanted, Math.abs(wanted) * RELATIVE, `ln ${x}`)
      })
    })
  )
})
