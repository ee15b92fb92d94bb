import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { differentiate, GraphError, type Graph, Ops, serialize, verify, verifyAliases } from "../../src/graph/mod.ts"
import { normal, key } from "../../src/random/mod.ts"
import { OnnxRuntime } from "../../src/runtime/mod.ts"

const ROWS = 64
const WIDTH = 96
const VOCABULARY = 50
const shapes = { embedding: [VOCABULARY, WIDTH], weight: [WIDTH, WIDTH], scale: [WIDTH] } as const
const names = ["embedding", "weight", "scale"] as const

/** Sums of gradients of a small model whose ids repeat: `x.total` is `x.sum` plus the gradient of x. */
const accumulating = (): Graph => {
  const op = new Ops("accumulating")
  const ids = op.input("ids", "int64", ["rows"])
  const [embedding, weight, scale] = [
    op.input("embedding", "float32", shapes.embedding),
    op.input("weight", "float32", shapes.weight),
    op.input("scale", "float32", shapes.scale)
  ]
  const [hidden] = op.SimplifiedLayerNormalization(op.Gather(embedding, ids), scale, { epsilon: 1e-5 })
  const out = op.Tanh(op.Gemm(hidden, weight, undefined, { transB: 1 }))
  const loss = op.output(op.ReduceMean(op.Softplus(out), { keepdims: 0 }), "loss")
  const { graph, gradients } = differentiate(op.build(), { of: loss, withRespectTo: [embedding, weight, scale] })
  const more = Ops.extend(graph)
  for (const [name, gradient] of gradients) {
    more.output(more.Add(more.input(`${name}.sum`, "float32", gradient.shape), gradient), `${name}.total`)
  }
  return more.build()
}

const pairs = names.map((name) => ({ input: `${name}.sum`, output: `${name}.total` }))

const random = (name: string, shape: ReadonlyArray<number>) =>
  Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => normal(key(name), i))

/** The sums after two runs, each written over the one before or into arrays of its own. */
const totals = Effect.fnUntraced(function* (aliased: "same buffers" | "own buffers") {
  const runtime = yield* OnnxRuntime
  const session = yield* runtime.session({ name: "accumulating", model: serialize(accumulating()) })
  const parameters = yield* Effect.all(
    Object.fromEntries(names.map((name) => [name, runtime.tensor(random(name, shapes[name]), shapes[name])]))
  )
  const loss = yield* runtime.allocate("float32", [])
  let sums = yield* Effect.all(names.map((name) => runtime.allocate("float32", shapes[name])))
  for (const step of [1, 2]) {
    const data = BigInt64Array.from({ length: ROWS }, (_, i) => BigInt((i * i * step) % VOCABULARY))
    const ids = yield* runtime.tensor(data, [ROWS])
    const fresh = yield* Effect.all(names.map((name) => runtime.allocate("float32", shapes[name])))
    const written = aliased === "same buffers" ? sums : fresh
    const feeds = Object.fromEntries(names.flatMap((name, i) => (sums[i] ? [[`${name}.sum`, sums[i]]] : [])))
    const fetches = Object.fromEntries(names.flatMap((name, i) => (written[i] ? [[`${name}.total`, written[i]]] : [])))
    yield* session.run({ ...parameters, ids, ...feeds }, { loss, ...fetches })
    sums = written
  }
  return sums.map((tensor) => (tensor.data ?? new Float32Array()).slice())
}, Effect.scoped)

layer(OnnxRuntime.layer({ threads: 2 }))("verifyAliases()", (it) => {
  it.effect("accepts accumulators, and they hold the same bits as sums in arrays of their own", () =>
    Effect.gen(function* () {
      const graph = accumulating()
      verify(graph)
      verifyAliases(graph, pairs)
      const [same, own] = [yield* totals("same buffers"), yield* totals("own buffers")]
      assert.deepStrictEqual(same, own)
      assert.isTrue(own.every((sum) => sum.some((x) => x !== 0)))
    })
  )

  it("refuses a parameter that the reverse pass may read after it was written", () => {
    const op = new Ops("unsafe")
    const x = op.input("x", "float32", ["n", 3])
    const w = op.input("w", "float32", [3, 3])
    const loss = op.output(op.ReduceSum(op.Tanh(op.Gemm(x, w)), { keepdims: 0 }), "loss")
    const { graph, gradients } = differentiate(op.build(), { of: loss, withRespectTo: [w, x] })
    const more = Ops.extend(graph)
    const [dw, dx] = [gradients.get("w"), gradients.get("x")]
    if (!dw || !dx) throw new RangeError("No gradient")
    more.output(more.Sub(w, dw), "w.next")
    more.output(dx, "dx")
    const complete = more.build()
    verify(complete)
    assert.throws(
      () => verifyAliases(complete, [{ input: "w", output: "w.next" }]),
      GraphError,
      'Cannot write "w.next" over "w": found "gradient/Gemm_0/Gemm_0", which may read "w" later, wanted readers that run before "Sub_0"'
    )
  })

  const refused = (what: string, message: string, build: (op: Ops) => void, list = [{ input: "a", output: "b" }]) =>
    it(`refuses ${what}`, () => {
      const op = new Ops("unsafe")
      build(op)
      assert.throws(() => verifyAliases(op.build(), list), GraphError, message)
    })

  refused(
    "a product written over its own factor",
    'Cannot write "b" over "a": found Gemm "Gemm_0", which reads elements after it wrote others, wanted an elementwise operator',
    (op) => op.output(op.Gemm(op.input("a", "float32", [3, 3]), op.input("w", "float32", [3, 3])), "b")
  )
  refused(
    "a later reader of a view of the input",
    'found "Exp_0", which may read "a" later, wanted readers that run before "Reshape_1"',
    (op) => {
      const a = op.input("a", "float32", [4])
      const view = op.Reshape(a, [2, 2])
      op.output(op.Reshape(op.Neg(view), [4]), "b")
      op.output(op.Exp(view), "c")
    }
  )
  refused("a buffer of another shape", 'Cannot write "b" over "a": found float32 [], wanted float32 [4]', (op) =>
    op.output(op.ReduceSum(op.input("a", "float32", [4]), { keepdims: 0 }), "b")
  )
  refused(
    "a name that is no input",
    'Cannot find "c": it is read by an alias, as an input',
    (op) => op.output(op.Neg(op.input("a", "float32", [4])), "b"),
    [{ input: "c", output: "b" }]
  )
  refused(
    "one buffer for two outputs",
    'found the pair "a", "b", wanted one pair for each buffer',
    (op) => {
      const a = op.input("a", "float32", [4])
      op.output(op.Neg(a), "b")
      op.output(op.Abs(a), "c")
    },
    [
      { input: "a", output: "b" },
      { input: "a", output: "c" }
    ]
  )
})
