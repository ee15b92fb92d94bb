import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { accumulate, Ops, serialize, verifyAliases } from "../../src/graph/mod.ts"
import { OnnxRuntime } from "../../src/runtime/mod.ts"
import { evaluate, open } from "./evaluate.ts"

/** What lies under the updates, how they join it, and whether something else reads the result. */
interface Scatter {
  readonly fill?: number
  readonly reduction?: "add" | "none"
  readonly shared?: boolean
}

/** Updates that are scattered along the second axis, as the gradient of what was gathered there. */
const scatterGraph = ({ fill = 0, reduction = "add", shared = false }: Scatter) => {
  const op = new Ops("scatter")
  const ids = op.input("ids", "int64", [2, 3])
  const updates = op.input("updates", "float32", [2, 3])
  const table = op.ConstantOfShape([2, 4], fill)
  const scattered = op.output(op.ScatterElements(table, ids, updates, { axis: 1, reduction }), "scattered")
  if (shared) op.output(op.Neg(scattered), "minus")
  return op.build()
}

const pair = { output: "scattered", input: "before" }

const feeds = () => ({
  // an id twice in the first row: its updates add up
  ids: { shape: [2, 3], data: BigInt64Array.of(0n, 3n, 0n, 1n, 2n, 3n) },
  updates: { shape: [2, 3], data: Float32Array.of(1, 2, 4, 8, 16, 32) },
  before: { shape: [2, 4], data: Float32Array.of(10, 20, 30, 40, 50, 60, 70, 80) }
})

const opsOf = ({ nodes }: ReturnType<typeof scatterGraph>) => nodes.map(({ op }) => op)

layer(OnnxRuntime.layer({ threads: 1 }))("accumulate() of what is scattered", (it) => {
  it.effect("into zeros scatters into what is there, along the same axis, and makes no zeros", () =>
    Effect.gen(function* () {
      const graph = accumulate(scatterGraph({}), pair)
      assert.deepStrictEqual(opsOf(graph), ["ScatterElements"])
      verifyAliases(graph, [pair])
      const { scattered } = yield* evaluate(graph, feeds())
      // 10 + (1 + 4), 40 + 2; 60 + 8, 70 + 16, 80 + 32
      assert.deepStrictEqual(scattered, Float32Array.of(15, 20, 30, 42, 50, 68, 86, 112))
    })
  )

  it.effect("adds up over several runs in one array", () =>
    Effect.gen(function* () {
      const runtime = yield* OnnxRuntime
      const session = yield* runtime.session({
        name: "scatter",
        model: serialize(accumulate(scatterGraph({}), pair))
      })
      const given = feeds()
      const tensors = yield* Effect.all(
        Object.fromEntries(Object.entries(given).map(([name, { data, shape }]) => [name, runtime.tensor(data, shape)]))
      )
      const sum = tensors["before"]
      if (!sum) return assert.fail("no array to add to")
      yield* session.run(tensors, { scattered: sum })
      yield* session.run(tensors, { scattered: sum })
      assert.deepStrictEqual(given.before.data, Float32Array.of(20, 20, 30, 44, 50, 76, 102, 144))
    }).pipe(Effect.scoped)
  )

  const others: ReadonlyArray<readonly [why: string, scatter: Scatter, plain: ReadonlyArray<number>]> = [
    ["where it is scattered into other numbers", { fill: 0.5 }, [5.5, 0.5, 0.5, 2.5, 0.5, 8.5, 16.5, 32.5]],
    ["where something else reads the result", { shared: true }, [5, 0, 0, 2, 0, 8, 16, 32]]
  ]
  for (const [why, scatter, plain] of others) {
    it.effect(`takes an Add ${why}`, () =>
      Effect.gen(function* () {
        const graph = accumulate(scatterGraph(scatter), pair)
        assert.include(opsOf(graph), "Add")
        const { fetched, run } = yield* open(graph, feeds())
        yield* run
        assert.deepStrictEqual(
          fetched("scattered"),
          feeds().before.data.map((x, i) => x + (plain[i] ?? Number.NaN))
        )
      }).pipe(Effect.scoped)
    )
  }

  it.effect("takes an Add where an update replaces what lies there", () =>
    Effect.gen(function* () {
      const graph = accumulate(scatterGraph({ reduction: "none" }), pair)
      assert.include(opsOf(graph), "Add")
      const once = { ...feeds(), ids: { shape: [2, 3], data: BigInt64Array.of(0n, 3n, 1n, 1n, 2n, 3n) } }
      const { scattered } = yield* evaluate(graph, once)
      assert.deepStrictEqual(scattered, Float32Array.of(11, 24, 30, 42, 50, 68, 86, 112))
    })
  )
})
