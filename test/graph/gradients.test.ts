import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { differentiate, gradients, Ops, verify } from "../../src/graph/mod.ts"
import { uniform, key } from "../../src/random/mod.ts"
import { OnnxRuntime } from "../../src/runtime/mod.ts"
import { type Case, checkedNames, type Declared, feedsOf, graphOf, type Sizes, symbolsOf } from "./Case.ts"
import { cases, lawful } from "./cases.ts"
import { evaluate, open } from "./evaluate.ts"

/** Central differences in float64: an error of about step² = 1e-10 beside rounding of about 1e-16 / step = 1e-11. */
const float64 = { type: "float64", step: 1e-5, tolerance: 1e-7 } as const

/** In float32 the difference is off by step² / 6 times the third derivative, 1e-4, and rounding of 6e-8 · 10 / step = 4e-5. */
const float32 = { type: "float32", step: 2 ** -6, tolerance: 1e-3 } as const

/** Sizes 1 to 3: 1 tries broadcasting. */
const sizesOf = (one: Case, seed: number): Sizes =>
  Object.fromEntries(symbolsOf(one).map((symbol) => [symbol, 1 + Math.floor(3 * uniform(key("size", symbol), seed))]))

/** Compares every element of every checked gradient with the central difference of the scalar. */
const check = Effect.fnUntraced(function* (one: Case, declared: Declared, seed: number) {
  const { type, step, tolerance } = one.float32 === undefined ? float64 : float32
  const sizes = sizesOf(one, seed)
  const { graph, scalar, values } = graphOf(one, type, declared, sizes)
  const names = checkedNames(one)
  const result = differentiate(graph, { of: scalar, withRespectTo: names.flatMap((name) => values.get(name) ?? []) })
  const op = Ops.extend(result.graph)
  for (const [name, gradient] of result.gradients) op.output(gradient, `gradient of ${name}`)
  const complete = op.build()
  verify(complete)
  const feeds = feedsOf(one, type, sizes, seed)
  const found = yield* evaluate(complete, feeds, sizes)
  const { run, fetched } = yield* open(graph, feeds, sizes)
  for (const name of names) {
    const data = feeds[name]?.data
    if (!data || data instanceof BigInt64Array) throw new RangeError(`Input "${name}" has no numbers`)
    for (let i = 0; i < data.length; i++) {
      const x = data[i] ?? 0
      const at = (value: number) => {
        data[i] = value
        return Effect.map(run, () => Number(fetched("scalar")[0]))
      }
      const slope = ((yield* at(x + step)) - (yield* at(x - step))) / (2 * step)
      data[i] = x
      const message = `${name}[${i}] with ${declared} ${JSON.stringify(sizes)}, seed ${seed}`
      assert.closeTo(
        Number(found[`gradient of ${name}`]?.[i]),
        slope,
        tolerance * Math.max(1, Math.abs(slope)),
        message
      )
    }
  }
}, Effect.scoped)

layer(OnnxRuntime.layer({ threads: 1 }))("the gradient of", (it) => {
  for (const [op, uses] of Object.entries(lawful)) {
    it.effect(`${op} is the slope of its ${uses.length} uses`, () =>
      Effect.gen(function* () {
        for (const one of uses) {
          for (const seed of [1, 2, 3]) {
            yield* check(one, "numeric", seed)
            yield* check(one, "symbolic", seed)
          }
        }
      })
    )
  }

  it("every rule, and of no other operator, is checked by uses that contain it", () => {
    const rules = Object.entries(gradients).flatMap(([op, row]) => (typeof row === "string" ? [] : [op]))
    assert.deepStrictEqual(Object.keys(cases).toSorted(), rules.toSorted())
    for (const [op, uses] of Object.entries(cases)) {
      for (const one of uses) {
        const { graph } = graphOf(one, "float64", "symbolic", {})
        assert.include(
          graph.nodes.map((node) => node.op),
          op
        )
      }
    }
  })
})
