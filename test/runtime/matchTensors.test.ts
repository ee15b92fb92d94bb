import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { OnnxRuntime, type Tensors } from "../../src/runtime/mod.ts"
import { reasonOf } from "./reasonOf.ts"
import { sumAndProduct, tinyModel } from "./tinyModel.ts"

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

layer(OnnxRuntime.layer({ threads: 2 }))("Session with tensors that do not fit", (it) => {
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
})
