import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { OnnxRuntime } from "../../src/runtime/mod.ts"
import { reasonOf } from "./reasonOf.ts"
import { square, tinyModel } from "./tinyModel.ts"

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

layer(OnnxRuntime.layer({ threads: 2 }))("Session of a model that cannot be opened", (it) => {
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
