import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { differentiate, Ops } from "../../src/graph/mod.ts"
import { OnnxRuntime } from "../../src/runtime/mod.ts"
import { feedsOf } from "./Case.ts"
import { compose, inputs } from "./composition.ts"
import { evaluate, open } from "./evaluate.ts"

const SEEDS = Array.from({ length: 40 }, (_, i) => i)
const STEP = 1e-5

/** The difference is off by STEP² times a third derivative of up to about 1e3 in a deep composition, plus rounding of 1e-10. */
const TOLERANCE = 1e-6

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
