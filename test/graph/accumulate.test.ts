import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { accumulate, type Graph, GraphError, Ops, sendBack, serialize, verifyAliases } from "../../src/graph/mod.ts"
import { OnnxRuntime } from "../../src/runtime/mod.ts"
import { type Feed } from "./Case.ts"
import { evaluate } from "./evaluate.ts"

/** y = tanh(x·Wᵀ + b); the gradient of W is a product, that of b is a sum. */
const layerGraph = () => {
  const op = new Ops("layer")
  const x = op.input("x", "float32", ["rows", 3])
  const w = op.input("w", "float32", [2, 3])
  const b = op.input("b", "float32", [2])
  const y = op.output(op.Tanh(op.Gemm(x, w, b, { transB: 1 })), "y")
  return { graph: op.build(), x, w, b, y }
}

const pairs = ["w", "b"].map((name) => ({ output: `${name}.next`, input: `${name}.before` }))

const gradientName = (name: string) => `${name}.next`

/** The gradients of W and b, given that of y. */
const backward = (): Graph => {
  const { b, graph, w, y } = layerGraph()
  const op = Ops.extend({ ...graph, outputs: [] })
  const seed = op.input("dy", y.type, y.shape)
  const { graph: whole, gradients } = sendBack(op.build(), { seeds: [{ of: y, seed }], withRespectTo: [w, b] })
  const back = Ops.extend(whole)
  for (const [name, gradient] of gradients) back.output(gradient, gradientName(name))
  return back.build()
}

const feeds = (shift: number) => ({
  x: { shape: [2, 3], data: Float32Array.of(0.5, -1, 2, 1.5, 0.25, shift) },
  w: { shape: [2, 3], data: Float32Array.of(0.1, 0.2, -0.3, 0.4, -0.5, 0.6) },
  b: { shape: [2], data: Float32Array.of(0.01, -0.02) },
  dy: { shape: [2, 2], data: Float32Array.of(1, -2, 0.5, shift) }
})

const before = () => ({
  "w.before": { shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) },
  "b.before": { shape: [2], data: Float32Array.of(-7, 8) }
})

/** Runs with the same array as `before` and `next` of each pair. */
const inPlace = Effect.fnUntraced(function* (graph: Graph, given: Readonly<Record<string, Feed>>) {
  const runtime = yield* OnnxRuntime
  const session = yield* runtime.session({ name: graph.name, model: serialize(graph) })
  const tensors = yield* Effect.all(
    Object.fromEntries(Object.entries(given).map(([name, { data, shape }]) => [name, runtime.tensor(data, shape)]))
  )
  const outputs = Object.fromEntries(
    pairs.flatMap(({ input, output }) => (tensors[input] ? [[output, tensors[input]]] : []))
  )
  yield* session.run(tensors, outputs)
  return Object.fromEntries(pairs.map(({ input, output }) => [output, given[input]?.data]))
}, Effect.scoped)

/** ½·aᵀ·cᵀ, which something else reads or not. */
const productGraph = (shared: boolean) => {
  const op = new Ops("product")
  const a = op.input("a", "float32", [2, 3])
  const c = op.input("c", "float32", [4, 2])
  const product = op.output(op.Gemm(a, c, undefined, { transA: 1, transB: 1, alpha: 0.5 }), "product")
  if (shared) op.output(op.Neg(product), "minus")
  return op.build()
}

layer(OnnxRuntime.layer({ threads: 1 }))("accumulate()", (it) => {
  it("lets a product add its third operand, and gives everything else an Add", () => {
    const graph = pairs.reduce(accumulate, backward())
    verifyAliases(graph, pairs)
    const producers = pairs.map(({ output }) => graph.nodes.find(({ outputs }) => outputs.includes(output)))
    assert.deepStrictEqual(
      producers.map((node) => [node?.op, node?.inputs.find((name) => name.endsWith(".before"))]),
      [
        ["Gemm", "w.before"],
        ["Add", "b.before"]
      ]
    )
  })

  it.effect("adds what is there, in the array of the caller or in another, to the same bits", () =>
    Effect.gen(function* () {
      const graph = pairs.reduce(accumulate, backward())
      const apart = yield* evaluate(graph, { ...feeds(3), ...before() }, { rows: 2 })
      const alone = yield* evaluate(backward(), feeds(3), { rows: 2 })
      assert.deepStrictEqual<unknown>(yield* inPlace(graph, { ...feeds(3), ...before() }), apart)
      for (const { input, output } of pairs) {
        const start = before()[input as keyof ReturnType<typeof before>].data // as: the names of `pairs`
        // each sum is rounded once at most: values below 16, so half of 2⁻²⁰
        apart[output]?.forEach((x, i) =>
          assert.closeTo(Number(x), (start[i] ?? Number.NaN) + Number(alone[output]?.[i]), 2 ** -20)
        )
      }
    })
  )

  it.effect("adds up over several runs: one run, then two more, in one array", () =>
    Effect.gen(function* () {
      const graph = pairs.reduce(accumulate, backward())
      const sums = {
        "w.before": { shape: [2, 3], data: new Float32Array(6) },
        "b.before": { shape: [2], data: new Float32Array(2) }
      }
      const first = yield* evaluate(backward(), feeds(1), { rows: 2 })
      assert.deepStrictEqual<unknown>(yield* inPlace(graph, { ...feeds(1), ...sums }), first)
      yield* inPlace(graph, { ...feeds(2), ...sums })
      const found = yield* inPlace(graph, { ...feeds(3), ...sums })
      const parts = yield* Effect.forEach([1, 2, 3], (shift) => evaluate(backward(), feeds(shift), { rows: 2 }))
      for (const { output } of pairs) {
        found[output]?.forEach((x, i) => {
          const sum = parts.reduce((total, part) => total + Number(part[output]?.[i]), 0)
          assert.closeTo(Number(x), sum, 2 ** -19) // two roundings of values below 16
        })
      }
    })
  )

  it.effect(
    "leaves a product alone that something else reads, and keeps alpha and transposes of one it takes over",
    () =>
      Effect.gen(function* () {
        const given = {
          a: { shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) },
          c: { shape: [4, 2], data: Float32Array.of(1, 0, 0, 1, 1, 1, 2, -1) },
          before: { shape: [3, 4], data: new Float32Array(12).fill(10) }
        }
        const plain = Float32Array.of(0.5, 2, 2.5, -1, 1, 2.5, 3.5, -0.5, 1.5, 3, 4.5, 0) // ½·aᵀ·cᵀ
        for (const [shared, op] of [
          [false, "Gemm"],
          [true, "Add"]
        ] as const) {
          const graph = accumulate(productGraph(shared), { output: "product", input: "before" })
          const found = yield* evaluate(graph, given)
          assert.deepStrictEqual(
            found["product"],
            plain.map((x) => 10 + x)
          )
          if (shared)
            assert.deepStrictEqual(
              found["minus"],
              plain.map((x) => -x)
            )
          assert.strictEqual(graph.nodes.find(({ outputs }) => outputs.includes("product"))?.op, op)
        }
      })
  )

  it("refuses an output that the graph does not have", () => {
    assert.throws(() => accumulate(backward(), { output: "v.next", input: "v.before" }), GraphError, '"v.next"')
  })
})
