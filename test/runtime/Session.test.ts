import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { NodeServices } from "@effect/platform-node"
import { assert, layer } from "@effect/vitest"
import { Effect, Exit, Layer, Scope } from "effect"
import {
  OnnxRuntime,
  readCheckpointFiles,
  type RuntimeError,
  type SessionOptions,
  type Tensors,
  writeSafetensors
} from "../../src/runtime/mod.ts"
import { type Initializer, type Node, square, sumAndProduct, tinyModel } from "./tinyModel.ts"

const floats = (...values: ReadonlyArray<number>) => Float32Array.from(values)

const Services = Layer.merge(OnnxRuntime.layer({ threads: 2 }), NodeServices.layer)

const temporaryFolder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "prefloop-runtime-"))),
  (folder) => Effect.sync(() => rmSync(folder, { recursive: true }))
)

/** One way for a graph to read a weight w of shape [2, 2], or [1] if it says so: y from x of shape [2, 2]. */
interface Reader {
  readonly shape?: ReadonlyArray<number>
  readonly nodes: ReadonlyArray<Node>
  /** y for x = [[1, 0], [0, 1]] and w = [[1, 2], [3, 4]], or w = [1]. */
  readonly wanted: ReadonlyArray<number>
}

const readers: Readonly<Record<string, Reader>> = {
  Gemm: { nodes: [{ op: "Gemm", inputs: ["x", "w"], outputs: ["y"] }], wanted: [1, 2, 3, 4] },
  "Gemm with transB": {
    nodes: [{ op: "Gemm", inputs: ["x", "w"], outputs: ["y"], attributes: { transB: 1 } }],
    wanted: [1, 3, 2, 4]
  },
  MatMul: { nodes: [{ op: "MatMul", inputs: ["x", "w"], outputs: ["y"] }], wanted: [1, 2, 3, 4] },
  "a folded Transpose": {
    nodes: [
      { op: "Transpose", inputs: ["w"], outputs: ["t"], attributes: { perm: [1, 0] } },
      { op: "MatMul", inputs: ["x", "t"], outputs: ["y"] }
    ],
    wanted: [1, 3, 2, 4]
  },
  "a Transpose that moves past it": {
    nodes: [
      { op: "Transpose", name: "first", inputs: ["x"], outputs: ["t"], attributes: { perm: [1, 0] } },
      { op: "Add", inputs: ["t", "w"], outputs: ["a"] },
      { op: "Transpose", name: "second", inputs: ["a"], outputs: ["y"], attributes: { perm: [1, 0] } }
    ],
    wanted: [2, 3, 2, 5]
  },
  Unsqueeze: {
    nodes: [
      { op: "Unsqueeze", inputs: ["w", "axes"], outputs: ["u"] },
      { op: "Add", inputs: ["x", "u"], outputs: ["a"] },
      { op: "Squeeze", inputs: ["a", "axes"], outputs: ["y"] }
    ],
    wanted: [2, 2, 3, 5]
  },
  "Gather by rows": {
    nodes: [
      { op: "Gather", inputs: ["w", "axes"], outputs: ["g"], attributes: { axis: 0 } },
      { op: "Add", inputs: ["x", "g"], outputs: ["y"] }
    ],
    wanted: [2, 2, 1, 3]
  },
  "Mul and Add": {
    nodes: [
      { op: "Mul", inputs: ["x", "w"], outputs: ["m"] },
      { op: "Add", inputs: ["m", "w"], outputs: ["y"] }
    ],
    wanted: [2, 2, 3, 8]
  },
  "Add of a scalar that is 0 in the model": {
    shape: [1],
    nodes: [
      { op: "Abs", name: "first", inputs: ["x"], outputs: ["a"] },
      { op: "Add", inputs: ["a", "w"], outputs: ["b"] },
      { op: "Abs", name: "second", inputs: ["b"], outputs: ["y"] }
    ],
    wanted: [2, 1, 1, 2]
  },
  "Mul of a product by a scalar": {
    shape: [1],
    nodes: [
      { op: "MatMul", inputs: ["x", "x"], outputs: ["m"] },
      { op: "Mul", inputs: ["m", "w"], outputs: ["y"] }
    ],
    wanted: [1, 0, 0, 1]
  },
  "Add of a scalar equal in the model to another": {
    shape: [1],
    nodes: [
      { op: "Add", name: "first", inputs: ["x", "w"], outputs: ["a"] },
      { op: "Add", name: "second", inputs: ["a", "other"], outputs: ["y"] }
    ],
    wanted: [2, 1, 1, 2]
  }
}

const readerModel = ({ nodes }: Reader, w: Initializer) =>
  tinyModel({
    inputs: { x: { shape: [2, 2] } },
    outputs: { y: { shape: [2, 2] } },
    nodes,
    initializers: {
      w,
      axes: { type: "int64", shape: [1], data: BigInt64Array.of(0n) },
      other: { shape: [1], data: floats(0) }
    }
  })
const dummy: Initializer = { shape: [2, 2], data: floats(0, 0, 0, 0) }
const identity = floats(1, 0, 0, 1)
const weight = floats(1, 2, 3, 4)

/** y of a model for x = the identity matrix. */
const openReader = Effect.fnUntraced(function* (options: Omit<SessionOptions, "name">) {
  const runtime = yield* OnnxRuntime
  const session = yield* runtime.session({ name: "reader", ...options })
  const x = yield* runtime.tensor(identity, [2, 2])
  const y = yield* runtime.allocate("float32", [2, 2])
  return Effect.as(session.run({ x }, { y }), y).pipe(Effect.map(({ data }) => Array.from(data ?? [], Number)))
})

const runOnce = (options: Omit<SessionOptions, "name">) => Effect.scoped(Effect.flatten(openReader(options)))

const failing = (name: string, f: (tensors: Tensors) => readonly [Tensors, Tensors], message: string) =>
  [name, f, message] as const

const pick = (tensors: Tensors, names: Readonly<Record<string, string>>): Tensors =>
  Object.fromEntries(Object.entries(names).flatMap(([to, from]) => (tensors[from] ? [[to, tensors[from]]] : [])))

const ab = { a: "four", b: "also" }

/** Every mistake in tensors, on a session of `sumAndProduct`. */
const mistakes = [
  failing(
    "FeedMissing",
    (t) => [pick(t, { a: "four" }), pick(t, { sum: "out" })],
    'found no tensor for input "b" among "a", wanted one for each input'
  ),
  failing(
    "FeedUnknown",
    (t) => [pick(t, { ...ab, c: "four" }), pick(t, { sum: "out" })],
    'found a tensor for input "c", wanted one of "a", "b"'
  ),
  failing(
    "FeedUnknown",
    (t) => [pick(t, ab), pick(t, { total: "out" })],
    'found a tensor for output "total", wanted one of "sum", "product"'
  ),
  failing(
    "FetchMissing",
    (t) => [pick(t, ab), {}],
    'found no tensor to fetch into, wanted at least one of "sum", "product"'
  ),
  failing(
    "FetchRepeated",
    (t) => [pick(t, ab), pick(t, { sum: "out", product: "out" })],
    'found one tensor for outputs "sum" and "product", wanted one for each'
  ),
  failing(
    "FeedType",
    (t) => [pick(t, { a: "four", b: "whole" }), pick(t, { sum: "out" })],
    'input "b" is int64, wanted float32'
  ),
  failing("FeedType", (t) => [pick(t, ab), pick(t, { sum: "whole" })], 'output "sum" is int64, wanted float32'),
  failing(
    "FeedShape",
    (t) => [pick(t, { a: "four", b: "flat" }), pick(t, { sum: "out" })],
    'input "b" has shape [4], wanted [rows, 2]'
  ),
  failing(
    "FeedShape",
    (t) => [pick(t, { a: "wide", b: "four" }), pick(t, { sum: "out" })],
    'input "a" has shape [1, 4], wanted [rows, 2]'
  ),
  failing(
    "DimensionDisagrees",
    (t) => [pick(t, { a: "four", b: "six" }), pick(t, { sum: "out" })],
    'dimension "rows" is 3 in "b", wanted 2 as in "a"'
  ),
  failing(
    "DimensionDisagrees",
    (t) => [pick(t, ab), pick(t, { sum: "six" })],
    'dimension "rows" is 3 in "sum", wanted 2 as in "a"'
  )
]

/** Models that cannot be opened because of one node, and words of the refusal. */
const badNodes = {
  "an unknown op": {
    nodes: [{ op: "Sqare", name: "layers.0/bad", inputs: ["x"], outputs: ["y"] }],
    shape: [2, 3],
    words: "No Op registered for Sqare"
  },
  "no kernel": {
    nodes: [{ op: "Tanh", name: "layers.0/bad", inputs: ["x"], outputs: ["y"] }],
    shape: [2, 3],
    words: "Could not find an implementation for Tanh"
  },
  "a type that its op has not": {
    nodes: [{ op: "Sin", name: "layers.0/bad", inputs: ["x"], outputs: ["y"] }],
    shape: [2, 3],
    words: "Type 'tensor(bfloat16)' of input parameter (x) of operator (Sin)"
  },
  "shapes that do not fit": {
    nodes: [{ op: "MatMul", name: "layers.0/bad", inputs: ["x", "x"], outputs: ["y"] }],
    shape: [2, 3],
    words: "Incompatible dimensions for matrix multiplication"
  }
}

const openMistaken = Effect.gen(function* () {
  const runtime = yield* OnnxRuntime
  const session = yield* runtime.session({ name: "two", model: sumAndProduct })
  const tensors: Tensors = {
    four: yield* runtime.allocate("float32", [2, 2]),
    also: yield* runtime.allocate("float32", [2, 2]),
    out: yield* runtime.allocate("float32", [2, 2]),
    six: yield* runtime.allocate("float32", [3, 2]),
    flat: yield* runtime.allocate("float32", [4]),
    wide: yield* runtime.allocate("float32", [1, 4]),
    whole: yield* runtime.allocate("int64", [2, 2])
  }
  return { session, tensors }
})

const reasonOf = <A>(effect: Effect.Effect<A, RuntimeError, OnnxRuntime | Scope.Scope>) =>
  Effect.map(Effect.flip(effect), ({ message, reason }) => [reason._tag, message])

layer(Services)("Session", (it) => {
  for (const [name, reader] of Object.entries(readers)) {
    for (const optimization of ["none", "basic", "extended", "all"] as const) {
      it.effect(`reads a live initializer at each run through ${name}, optimization ${optimization}`, () =>
        Effect.gen(function* () {
          const runtime = yield* OnnxRuntime
          const { shape = [2, 2], wanted } = reader
          const data = weight.slice(0, shape.length ** 2)
          const w = yield* runtime.tensor(data, shape)
          const model = readerModel(reader, { shape, data: new Float32Array(data.length) })
          const run = yield* openReader({ model, optimization, initializers: { w }, prepack: false })
          const first = yield* run
          data.fill(0)
          const second = yield* run
          data.set(weight.subarray(0, data.length))
          assert.deepStrictEqual([first, yield* run], [wanted, wanted])
          assert.notDeepEqual(second, wanted)
        })
      )
    }
  }

  it.effect("keeps a given initializer's first values where it prepacks", () =>
    Effect.gen(function* () {
      const runtime = yield* OnnxRuntime
      const data = Float32Array.from(weight)
      const w = yield* runtime.tensor(data, [2, 2])
      const gemm = readers["Gemm"] ?? { nodes: [], wanted: [] }
      const run = yield* openReader({ model: readerModel(gemm, dummy), initializers: { w } })
      data.fill(0)
      assert.deepStrictEqual(yield* run, gemm.wanted)
    })
  )

  it.effect("reads a given initializer after the scope of its tensor has closed", () =>
    Effect.gen(function* () {
      const runtime = yield* OnnxRuntime
      const gemm = readers["Gemm"] ?? { nodes: [], wanted: [] }
      const scope = yield* Scope.make()
      const w = yield* Scope.provide(runtime.tensor(Float32Array.from(weight), [2, 2]), scope)
      const run = yield* openReader({ model: readerModel(gemm, dummy), initializers: { w }, prepack: false })
      yield* Scope.close(scope, Exit.void)
      assert.deepStrictEqual(yield* run, gemm.wanted)
    })
  )

  it.effect("gives one answer under every option", () =>
    Effect.gen(function* () {
      const { nodes, wanted } = readers["a folded Transpose"] ?? { nodes: [], wanted: [] }
      const model = readerModel({ nodes, wanted }, { shape: [2, 2], data: weight })
      const options: ReadonlyArray<Partial<SessionOptions>> = [
        {},
        { prepack: false },
        { memoryPattern: true },
        { arena: "shared" },
        { arena: "none" },
        { optimization: "none" },
        { optimization: "basic" },
        { optimization: "extended" },
        { optimization: "all" }
      ]
      const answers = yield* Effect.forEach(options, (each) => Effect.flatten(openReader({ model, ...each })))
      assert.deepStrictEqual(
        answers,
        options.map(() => wanted)
      )
    })
  )

  it.effect("maps external weights from a file of weights, from bytes and from a path", () =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      yield* writeSafetensors(join(folder, "model.safetensors"), {
        other: { dtype: "F32", shape: [1], data: floats(9) },
        w: { dtype: "F32", shape: [2, 2], data: weight }
      })
      const entry = (yield* readCheckpointFiles(folder)).get("w")
      const data = { location: entry?.file ?? "", offset: entry?.offset ?? 0, length: entry?.length ?? 0 }
      const { nodes, wanted } = readers["Gemm"] ?? { nodes: [], wanted: [] }
      const model = readerModel({ nodes, wanted }, { shape: [2, 2], data })
      const path = join(folder, "model.onnx")
      writeFileSync(path, model)
      assert.deepStrictEqual(
        [
          yield* runOnce({ model, externalFolder: folder }),
          yield* runOnce({ model, externalFolder: folder, prepack: false }),
          yield* runOnce({ model: path })
        ],
        [wanted, wanted, wanted]
      )
    })
  )

  it.effect("writes the times of its nodes when it closes, if asked", () =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      const { nodes, wanted } = readers["Mul and Add"] ?? { nodes: [], wanted: [] }
      const model = readerModel({ nodes, wanted }, { shape: [2, 2], data: weight })
      yield* runOnce({ model, profile: join(folder, "times") })
      const [file = "", ...others] = readdirSync(folder)
      const events: ReadonlyArray<{ readonly name: string }> = JSON.parse(readFileSync(join(folder, file), "utf8"))
      assert.deepStrictEqual([file.startsWith("times_"), others], [true, []])
      assert.include(
        events.map(({ name }) => name),
        "Mul_kernel_time"
      )
    })
  )

  for (const [tag, choose, message] of mistakes) {
    it.effect(`run() and bind() fail with ${tag}: ${message}`, () =>
      Effect.gen(function* () {
        const { session, tensors } = yield* openMistaken
        const [feeds, fetches] = choose(tensors)
        assert.deepStrictEqual(
          [yield* reasonOf(session.run(feeds, fetches)), yield* reasonOf(session.bind(feeds, fetches))],
          [
            [tag, `Cannot run "two": ${message}`],
            [tag, `Cannot bind "two": ${message}`]
          ]
        )
      })
    )
  }

  it.effect("run() fails with StatusFailed that names the node, the model and the shapes", () =>
    Effect.gen(function* () {
      const runtime = yield* OnnxRuntime
      const model = tinyModel({
        inputs: { rows: { shape: ["n", 2] }, ids: { type: "int64", shape: ["k"] } },
        outputs: { y: { shape: ["k", 2] } },
        nodes: [{ op: "Gather", name: "embed/Gather_0", inputs: ["rows", "ids"], outputs: ["y"] }]
      })
      const session = yield* runtime.session({ name: "embed", model })
      const rows = yield* runtime.allocate("float32", [3, 2])
      const ids = yield* runtime.tensor(BigInt64Array.of(5n), [1])
      const y = yield* runtime.allocate("float32", [1, 2])
      const { message, reason } = yield* Effect.flip(session.run({ rows, ids }, { y }))
      const binding = yield* session.bind({ rows, ids }, { y })
      assert.strictEqual((yield* Effect.flip(binding.run)).message, message)
      assert.deepStrictEqual(
        reason._tag === "StatusFailed" && { code: reason.code, node: reason.node, shapes: reason.shapes },
        { code: "INVALID_ARGUMENT", node: "embed/Gather_0", shapes: { rows: [3, 2], ids: [1] } }
      )
      assert.include(
        message,
        'Cannot run "embed": node "embed/Gather_0" failed with INVALID_ARGUMENT with rows [3, 2], ids [1]: '
      )
      assert.include(message, "idx=5 must be within the inclusive range [-3,2]")
    })
  )

  it.effect("session() fails with StatusFailed on a file that is not there, and on bytes that are no model", () =>
    Effect.gen(function* () {
      const runtime = yield* OnnxRuntime
      const open = (model: Uint8Array | string) => reasonOf(runtime.session({ name: "bad", model }))
      assert.deepStrictEqual(
        [yield* open("nowhere.onnx"), yield* open(square.subarray(0, 30))],
        [
          [
            "StatusFailed",
            'Cannot open "bad": failed with NO_SUCHFILE: Load model from nowhere.onnx failed:Load model nowhere.onnx failed. File doesn\'t exist'
          ],
          [
            "StatusFailed",
            'Cannot open "bad": failed with INVALID_PROTOBUF: Failed to load model because protobuf parsing failed.'
          ]
        ]
      )
    })
  )

  for (const [name, { nodes, shape, words }] of Object.entries(badNodes)) {
    it.effect(`session() fails with StatusFailed that names the node with ${name}`, () =>
      Effect.gen(function* () {
        const runtime = yield* OnnxRuntime
        const model = tinyModel({
          inputs: { x: { shape, type: "bfloat16" } },
          outputs: { y: { type: "bfloat16" } },
          nodes
        })
        const { reason } = yield* Effect.flip(runtime.session({ name: "bad", model }))
        assert.strictEqual(reason._tag === "StatusFailed" && reason.node, "layers.0/bad")
        assert.include(reason.message, words)
      })
    )
  }

  it.effect("session() fails with ElementTypeUnknown on elements that no typed array of ours holds", () =>
    Effect.gen(function* () {
      const runtime = yield* OnnxRuntime
      const model = tinyModel({
        inputs: { x: { shape: ["n"] } },
        outputs: { y: { type: "int64", shape: ["n"] } },
        nodes: [{ op: "Cast", inputs: ["x"], outputs: ["y"], attributes: { to: 7 } }]
      })
      // The two places that say int64, as field and value: `elem_type` of y, and `to`.
      const uint16 = Buffer.from(
        Buffer.from(model)
          .toString("latin1")
          .replaceAll("\u0008\u0007", "\u0008\u0004")
          .replaceAll("\u0018\u0007", "\u0018\u0004"),
        "latin1"
      )
      assert.deepStrictEqual(yield* reasonOf(runtime.session({ name: "halves", model: uint16 })), [
        "ElementTypeUnknown",
        'Cannot open "halves": "y" holds elements of type 4 in onnx.proto, wanted one of "float32", "uint8", "int8", "int32", "int64", "bool", "float16", "float64", "bfloat16"'
      ])
    })
  )
})
