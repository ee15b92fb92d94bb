import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { type Graph, Ops, pullback, sendBack, type Value } from "../../src/graph/mod.ts"
import { OnnxRuntime } from "../../src/runtime/mod.ts"
import { type Feed, feedsOf, graphOf, checkedNames, type Case, shapeAt, type Sizes, symbolsOf } from "./Case.ts"
import { lawful } from "./cases.ts"
import { compose, inputs } from "./composition.ts"
import { evaluate } from "./evaluate.ts"

const SEEDS = Array.from({ length: 40 }, (_, i) => i)
// The runtime rewrites graphs, and moves a transpose differently through a half than through the whole: bits are compared without.

type Feeds = Readonly<Record<string, Feed>>
type Arrays = Readonly<Record<string, ArrayLike<number | bigint>>>

/** One problem: a graph, the value that gradients are of, the values they are by, and what is fed. */
interface Problem {
  readonly graph: Graph
  readonly of: Value
  readonly by: ReadonlyArray<Value>
  readonly feeds: Feeds
  readonly sizes: Sizes
}

const composed = (seed: number): Problem => {
  const sizes = { m: 1 + (seed % 3), n: 2 + (seed % 2), k: 3 }
  const { op, leaves, scalar } = compose(seed)
  const feeds = feedsOf({ inputs, range: [-2, 2] }, "float64", sizes, seed)
  return { graph: op.build(), of: scalar, by: leaves, feeds, sizes }
}

const seedFeed: Feed = { shape: [], data: Float64Array.of(1.5) }

/** The gradients of the graph as one, and what it gives besides. */
const whole = Effect.fnUntraced(function* ({ graph, of, by, feeds, sizes }: Problem, seed: Feed) {
  const op = Ops.extend(graph)
  const given = op.input("seed", of.type, of.shape)
  const { graph: all, gradients } = sendBack(op.build(), { seeds: [{ of, seed: given }], withRespectTo: by })
  const more = Ops.extend(all)
  for (const [name, gradient] of gradients) more.output(gradient, `gradient of ${name}`)
  return yield* evaluate(more.build(), { ...feeds, seed }, sizes, "none")
})

const halvesOf = ({ graph, of, by }: Problem) =>
  pullback(graph, {
    of: [of],
    withRespectTo: by,
    seedName: () => "seed",
    gradientName: (name) => `gradient of ${name}`
  })

/** What the forward half hands over, as feeds of the backward half. */
const handed = (forward: Graph, found: Arrays, sizes: Sizes): Feeds =>
  Object.fromEntries(
    forward.outputs.map(({ name, shape }) => [
      name,
      { shape: shapeAt(shape, sizes), data: found[name] as Feed["data"] } // as: an output of the types that are fed here
    ])
  )

/** The gradients by two halves, one after the other. */
const halved = Effect.fnUntraced(function* (problem: Problem, seed: Feed) {
  const { forward, backward } = halvesOf(problem)
  const ahead = yield* evaluate(forward, problem.feeds, problem.sizes, "none")
  const feeds = { ...problem.feeds, ...handed(forward, ahead, problem.sizes), seed }
  return { ahead, gradients: yield* evaluate(backward, feeds, problem.sizes, "none") }
})

const withThreads = (threads: number) => Effect.provide(OnnxRuntime.layer({ threads }))

describe("pullback()", () => {
  for (const seed of SEEDS) {
    it.effect(`gives the gradients of composition ${seed} in two halves, bit for bit`, () =>
      Effect.gen(function* () {
        const problem = composed(seed)
        const wanted = yield* whole(problem, seedFeed)
        const { ahead, gradients } = yield* halved(problem, seedFeed)
        assert.deepStrictEqual(ahead["scalar"], wanted["scalar"])
        assert.deepStrictEqual(
          Object.keys(gradients).toSorted(),
          problem.by.map(({ name }) => `gradient of ${name}`).toSorted()
        )
        for (const [name, gradient] of Object.entries(gradients)) assert.deepStrictEqual(gradient, wanted[name], name)
      }).pipe(withThreads(1))
    )
  }

  for (const [op, uses] of Object.entries(lawful)) {
    it.effect(`gives the gradients of every use of ${op} in two halves, the same on one thread and on two`, () =>
      Effect.gen(function* () {
        const problems = uses.map(problemOf)
        const seed: Feed = { shape: [], data: Float32Array.of(1.5) }
        const answers = (threads: number) =>
          Effect.forEach(problems, (problem) => Effect.map(halved(problem, seed), ({ gradients }) => gradients)).pipe(
            withThreads(threads)
          )
        const wanted = yield* Effect.forEach(problems, (problem) => whole(problem, seed)).pipe(withThreads(1))
        const one = yield* answers(1)
        one.forEach((gradients, use) => {
          for (const [name, gradient] of Object.entries(gradients)) {
            assert.deepStrictEqual(gradient, wanted[use]?.[name], `use ${use}, ${name}`)
          }
        })
        assert.deepStrictEqual(yield* answers(2), one)
      })
    )
  }
})

/** A use of an operator at small sizes. */
const problemOf = (one: Case): Problem => {
  const sizes: Sizes = Object.fromEntries(symbolsOf(one).map((symbol, i) => [symbol, 2 + i]))
  const { graph, scalar, values } = graphOf(one, "float32", "symbolic", sizes)
  const by = checkedNames(one).flatMap((name) => values.get(name) ?? [])
  return { graph, of: scalar, by, feeds: feedsOf(one, "float32", sizes, 1), sizes }
}
