import { assert, describe, it } from "@effect/vitest"
import { GraphError, onnxMessages, Ops, serialize, serializeWithLate } from "../../src/graph/mod.ts"

const decoded = (bytes: Uint8Array): unknown => {
  const model = onnxMessages.lookupType("ModelProto")
  return model.toObject(model.decode(bytes), { longs: Number, bytes: Array })
}

const info = (name: string, elemType: number, ...dim: ReadonlyArray<object>) => ({
  name,
  type: { tensorType: { elemType, shape: dim.length > 0 ? { dim } : {} } }
})

describe("serialize()", () => {
  it("writes a whole model, which decodes to what was built", () => {
    const op = new Ops("small")
    const x = op.input("x", "float32", ["rows", 2])
    const external = { location: "model.safetensors", offset: 4096, length: 16 }
    const w = op.initializer("w", "float32", [2, 2], { external })
    const b = op.initializer("b", "float32", [2], { bytes: new Uint8Array(new Float32Array([1, 2]).buffer) })
    const y = op.within("layer", () => op.Gemm(x, w, b, { transB: 1, alpha: 0.5 }))
    const top = op.ScatterElements(y, op.input("ids", "int64", ["rows", 2]), y, { axis: 1, reduction: "add" })
    op.output(op.Transpose(op.Clip(top, undefined, op.scalar(3)), { perm: [1, 0] }), "y")
    op.output(op.ConstantOfShape([2], 1, "int32"), "ones")
    assert.deepStrictEqual(decoded(serialize(op.build())), {
      irVersion: 10,
      producerName: "prefloop",
      opsetImport: [
        { domain: "", version: 21 },
        { domain: "com.microsoft", version: 1 }
      ],
      graph: {
        name: "small",
        input: [
          info("x", 1, { dimParam: "rows" }, { dimValue: 2 }),
          info("ids", 7, { dimParam: "rows" }, { dimValue: 2 })
        ],
        output: [info("y", 1, { dimValue: 2 }, { dimParam: "rows" }), info("ones", 6, { dimValue: 2 })],
        initializer: [
          {
            name: "w",
            dims: [2, 2],
            dataType: 1,
            dataLocation: 1,
            externalData: [
              { key: "location", value: "model.safetensors" },
              { key: "offset", value: "4096" },
              { key: "length", value: "16" }
            ]
          },
          { name: "b", dims: [2], dataType: 1, rawData: [0, 0, 128, 63, 0, 0, 0, 64] },
          { name: "constants/float32 3", dataType: 1, rawData: [0, 0, 64, 64] },
          { name: "constants/int64 [2]", dims: [1], dataType: 7, rawData: [2, 0, 0, 0, 0, 0, 0, 0] }
        ],
        node: [
          {
            name: "layer/Gemm_0",
            opType: "Gemm",
            domain: "",
            input: ["x", "w", "b"],
            output: ["layer/Gemm_0"],
            attribute: [
              { name: "transA", type: 2, i: 0 },
              { name: "transB", type: 2, i: 1 },
              { name: "alpha", type: 1, f: 0.5 },
              { name: "beta", type: 1, f: 1 }
            ]
          },
          {
            name: "ScatterElements_0",
            opType: "ScatterElements",
            domain: "",
            input: ["layer/Gemm_0", "ids", "layer/Gemm_0"],
            output: ["ScatterElements_0"],
            attribute: [
              { name: "axis", type: 2, i: 1 },
              { name: "reduction", type: 3, s: [97, 100, 100] }
            ]
          },
          {
            name: "Clip_0",
            opType: "Clip",
            domain: "",
            input: ["ScatterElements_0", "", "constants/float32 3"],
            output: ["Clip_0"]
          },
          {
            name: "Transpose_0",
            opType: "Transpose",
            domain: "",
            input: ["Clip_0"],
            output: ["y"],
            attribute: [{ name: "perm", type: 7, ints: [1, 0] }]
          },
          {
            name: "ConstantOfShape_0",
            opType: "ConstantOfShape",
            domain: "",
            input: ["constants/int64 [2]"],
            output: ["ones"],
            attribute: [{ name: "value", type: 4, t: { dims: [1], dataType: 6, rawData: [1, 0, 0, 0] } }]
          }
        ]
      }
    })
  })

  it("refuses a graph that is not whole, by the names in it", () => {
    const op = new Ops("broken")
    const x = op.input("x", "float32", ["n"])
    op.output(op.Neg(x), "y")
    const graph = op.build()
    const blind = { ...graph, nodes: graph.nodes.map((node) => Object.assign({}, node, { inputs: ["ghost"] })) }
    assert.throws(() => serialize(blind), GraphError, 'Cannot find "ghost": it is read by Neg "Neg_0"')
    const idle = { ...graph, inputs: [...graph.inputs, { ...x, name: "idle" }] }
    assert.throws(() => serialize(idle), GraphError, '"idle"')
  })

  it("leaves out what no output depends on, but never the first output of a node, which ONNX Runtime asks for", () => {
    const op = new Ops("lean")
    const x = op.input("x", "float32", ["rows", 2])
    const w = op.input("w", "float32", [2])
    op.Exp(op.Mul(x, op.scalar(7)))
    op.output(op.SimplifiedLayerNormalization(x, w, { epsilon: 1e-5 })[0], "y")
    op.output(op.SkipSimplifiedLayerNormalization(x, x, w, { epsilon: 1e-5 })[1], "sum")
    const bytes = serialize(op.build())
    const model = onnxMessages.lookupType("ModelProto")
    const { graph } = model.toObject(model.decode(bytes), { arrays: true })
    assert.deepStrictEqual(
      [graph.initializer, graph.node.map((node: { readonly output: ReadonlyArray<string> }) => node.output)],
      [[], [["y"], ["SkipSimplifiedLayerNormalization_0", "", "", "sum"]]]
    )
  })
})

describe("serializeWithLate()", () => {
  it("writes piece by piece the model that serialize writes at once", () => {
    const op = new Ops("late")
    const x = op.input("x", "float32", ["rows", 8])
    const small = op.initializer("small", "float32", [1], { bytes: new Uint8Array(4).fill(7) })
    const content = Uint8Array.from({ length: 256 }, (_, i) => i)
    op.output(op.Mul(op.MatMul(x, op.initializer("large", "float32", [8, 8], { bytes: content })), small), "y")
    const whole = op.build()
    const held = { ...whole, initializers: whole.initializers.filter(({ value }) => value.name === "small") }
    const value = { name: "large", type: "float32", shape: [8, 8] } as const
    const { frames, head, size } = serializeWithLate(held, [{ value, length: content.length }])
    const bytes = Buffer.concat([...head, ...frames.flat(), content])
    assert.deepStrictEqual(decoded(bytes), decoded(serialize(whole)))
    assert.strictEqual(size, bytes.length)
  })
})
