import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { differentiate, Ops } from "../../src/graph/mod.ts"
import { OnnxRuntime } from "../../src/runtime/mod.ts"
import { type Case, checkedNames, countAt, type Feed, graphOf, shapeAt, sizeAt } from "./Case.ts"
import { lawful } from "./cases.ts"
import { open } from "./evaluate.ts"

/** A race shows itself at random: each use runs this often. */
const RUNS = 3

/** Feeds of a big case without the care that finite differences need; ids repeat often. */
const bigFeeds = (one: Case): Readonly<Record<string, Feed>> =>
  Object.fromEntries(
    Object.entries(one.inputs).map(([name, input]): readonly [string, Feed] => {
      const shape = shapeAt(input.shape, one.big)
      const length = countAt(input.shape, one.big)
      const [low, high] = one.range
      const spread = (_: unknown, i: number) => low + (high - low) * ((i * 0.618_033_988) % 1)
      if ("numbers" in input) return [name, { shape, data: Float32Array.from({ length }, spread) }]
      const [from, below] = [sizeAt(input.from ?? 0, one.big), sizeAt(input.below, one.big)]
      const pick = (_: unknown, i: number) => BigInt(from + ((i * 7919) % (below - from)))
      return [name, { shape, data: BigInt64Array.from({ length }, pick) }]
    })
  )

/** The result and every checked gradient after each run. */
const resultsOf = Effect.fnUntraced(function* (one: Case) {
  const { graph, y, scalar, values } = graphOf(one, "float32", "numeric", one.big)
  const withRespectTo = checkedNames(one).flatMap((name) => values.get(name) ?? [])
  const result = differentiate(graph, { of: scalar, withRespectTo })
  const op = Ops.extend(result.graph)
  const names = [y, ...result.gradients.values()].map((value, i) => op.output(value, `result ${i}`).name)
  const { run, fetched } = yield* open(op.build(), bigFeeds(one), one.big)
  const found: Array<ReadonlyArray<Float32Array>> = []
  for (let i = 0; i < RUNS; i++) {
    yield* run
    found.push(names.map((name) => Float32Array.from(fetched(name), Number)))
  }
  return found
}, Effect.scoped)

const withThreads = (uses: ReadonlyArray<Case>, threads: number) =>
  Effect.forEach(uses, resultsOf).pipe(Effect.provide(OnnxRuntime.layer({ threads })))

const bits = (xs: Float32Array): Uint32Array => new Uint32Array(xs.buffer)

/** The first element that differs, or −1. */
const firstDifference = (xs: Float32Array, ys: Float32Array): number => {
  if (xs.length !== ys.length) return Math.min(xs.length, ys.length)
  const other = bits(ys)
  return bits(xs).findIndex((x, i) => x !== other[i])
}

describe("two threads", () => {
  for (const [op, uses] of Object.entries(lawful)) {
    it.effect(`give ${op} the same result and gradient as one thread, bit for bit`, () =>
      Effect.gen(function* () {
        const [one, two] = [yield* withThreads(uses, 1), yield* withThreads(uses, 2)]
        uses.forEach((each, i) => {
          const [alone = []] = one[i] ?? []
          assert.strictEqual(alone.length, 1 + checkedNames(each).length)
          const runs = [...(one[i] ?? []), ...(two[i] ?? [])]
          const differences = runs.map((run) => run.map((xs, at) => firstDifference(alone[at] ?? xs, xs)))
          assert.deepStrictEqual(
            differences,
            runs.map((run) => run.map(() => -1)),
            `use ${i}`
          )
        })
      })
    )
  }
})
