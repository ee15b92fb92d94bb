import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { type BoundLoss, type LossName, losses } from "../../src/loss/mod.ts"
import { OnnxRuntime } from "../../src/runtime/mod.ts"
import { open } from "../graph/evaluate.ts"
import { cases } from "./cases.ts"
import { feedsOf } from "./evaluateLoss.ts"
import { choose, graphOf } from "./graphOf.ts"
import { numbersOf } from "./numbersOf.ts"

const SEEDS = [1, 2, 3, 4, 5]
const PAIRS = 3
const STEP = 1e-5

/** Central differences in float64: an error of about STEP² = 1e-10 beside rounding of about 1e-16 / STEP = 1e-11. */
const TOLERANCE = 1e-7

/** Each element of the vector counts differently, so that one cannot stand for another. */
const weights = [1, -0.5, 2]

/** Compares every slope with the central difference of the weighted sum. */
const check = Effect.fnUntraced(function* (loss: BoundLoss, seed: number, told: string) {
  const { graph, reads, slopes } = graphOf(loss, "float64")
  assert.isAbove(slopes.length, 0, told)
  const feeds = feedsOf({ weights, ...numbersOf(reads, PAIRS, seed) }, "float64")
  const { run, fetched } = yield* open(graph, feeds, { n: PAIRS })
  yield* run
  const found = Object.fromEntries(slopes.map((name) => [name, Array.from(fetched(`slope of ${name}`), Number)]))
  for (const name of slopes) {
    const data = feeds[name]?.data
    if (!(data instanceof Float64Array)) throw new RangeError(`Term "${name}" has no numbers`)
    for (let i = 0; i < data.length; i++) {
      const x = data[i] ?? 0
      const at = (value: number) => {
        data[i] = value
        return Effect.map(run, () => Number(fetched("total")[0]))
      }
      const slope = ((yield* at(x + STEP)) - (yield* at(x - STEP))) / (2 * STEP)
      data[i] = x
      const allowed = TOLERANCE * Math.max(1, Math.abs(slope))
      assert.closeTo(found[name]?.[i] ?? Number.NaN, slope, allowed, `${told} ${name}[${i}], seed ${seed}`)
    }
  }
}, Effect.scoped)

layer(OnnxRuntime.layer({ threads: 1 }))("the gradient of a loss", (it) => {
  const names = Object.keys(losses) as ReadonlyArray<LossName> // as: the keys of a literal table
  for (const name of names) {
    it.effect(`${name} is the slope of its value, whatever its options`, () =>
      Effect.gen(function* () {
        for (const options of [{}, ...cases[name].variants]) {
          for (const seed of SEEDS) yield* check(choose(name, options), seed, `${name} ${JSON.stringify(options)}`)
        }
      })
    )
  }
})
