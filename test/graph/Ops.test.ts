import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { Ops, type Value, verify } from "../../src/graph/mod.ts"
import { OnnxRuntime } from "../../src/runtime/mod.ts"
import { evaluate } from "./evaluate.ts"

const start = () => {
  const op = new Ops("test")
  return {
    op,
    x: op.input("x", "float32", ["rows", 4]),
    w: op.input("w", "float32", [5, 6]),
    ids: op.input("ids", "int64", ["rows"]),
    mask: op.input("mask", "bool", ["rows", 1])
  }
}

layer(OnnxRuntime.layer({ threads: 1 }))("Ops", (it) => {
  it("names nodes after their scope and their operator, counted", () => {
    const { op, x } = start()
    const names = op.within("layers.0", () => [op.Neg(x), op.within("attention", () => op.Neg(x)), op.Neg(x)])
    assert.deepStrictEqual(
      [...names, op.Neg(x)].map((value) => value.name),
      ["layers.0/Neg_0", "layers.0/attention/Neg_0", "layers.0/Neg_1", "Neg_0"]
    )
  })

  it("leaves the scope when the body throws", () => {
    const { op, x } = start()
    assert.throws(() => op.within("broken", () => op.Add(x, op.scalar(1, "int64"))))
    assert.strictEqual(op.Neg(x).name, "Neg_0")
  })

  it("infers symbolic shapes", () => {
    const { op, x, ids, mask } = start()
    const table = op.input("table", "float32", [10, 4])
    const shapes = [
      op.Concat([x, x], { axis: 0 }),
      op.MatMul(x, op.Transpose(x, { perm: [1, 0] })),
      op.Slice(x, { starts: [1], ends: [-1] }),
      op.Gather(table, op.Unsqueeze(ids, [0])),
      op.Where(mask, x, op.scalar(0)),
      op.Reshape(x, ["2*rows", 2]),
      op.Reshape(x, ["pairs", 8]),
      op.Tile(x, [3, 1]),
      op.ReduceSum(x, { axes: [-1], keepdims: 0 }),
      op.Pad(x, { before: [1, 0], after: ["rows", 0] })
    ].map((value) => value.shape)
    assert.deepStrictEqual(shapes, [
      ["2*rows", 4],
      ["rows", "rows"],
      ["rows-2", 4],
      [1, "rows", 4],
      ["rows", 4],
      ["2*rows", 2],
      ["pairs", 8],
      ["3*rows", 4],
      ["rows"],
      ["2*rows+1", 4]
    ])
  })

  it("stores equal constants once", () => {
    const op = new Ops("constants")
    assert.strictEqual(op.scalar(0.5), op.scalar(0.5, "float32"))
    assert.strictEqual(op.int64(1, 2), op.constant(new BigInt64Array([1n, 2n]), [2]))
    assert.notStrictEqual(op.scalar(0.5), op.scalar(0.5, "float64"))
    assert.notStrictEqual(op.scalar(1, "int64"), op.int64(1))
    assert.notStrictEqual(op.scalar(0), op.scalar(-0))
    const extended = Ops.extend(op.build())
    assert.strictEqual(extended.scalar(0.5).name, op.scalar(0.5).name)
    assert.strictEqual(extended.build().initializers.length, op.build().initializers.length)
  })

  it("gives a scalar the type of what it stands beside", () => {
    const op = new Ops("scalars")
    const bytes = (
      ["float32", "float64", "float16", "bfloat16", "int64", "int32", "int8", "uint8", "bool"] as const
    ).map((type) => {
      const { name } = op.scalar(1, type)
      const found = op.build().initializers.find(({ value }) => value.name === name)
      return found && "bytes" in found.data ? [type, Buffer.from(found.data.bytes).toString("hex")] : []
    })
    assert.deepStrictEqual(bytes, [
      ["float32", "0000803f"],
      ["float64", "000000000000f03f"],
      ["float16", "003c"],
      ["bfloat16", "803f"],
      ["int64", "0100000000000000"],
      ["int32", "01000000"],
      ["int8", "01"],
      ["uint8", "01"],
      ["bool", "01"]
    ])
  })

  it("renames an output without a node, and knows it by its old name too", () => {
    const { op, x, w, ids, mask } = start()
    const y = op.Neg(x)
    const named = op.output(y, "negated")
    op.output(op.Exp(y), "exponential")
    for (const value of [w, ids, mask]) op.output(value)
    const graph = op.build()
    assert.deepStrictEqual(named, { name: "negated", type: "float32", shape: ["rows", 4] })
    assert.deepStrictEqual(
      graph.nodes.map(({ op: name, inputs, outputs }) => ({ name, inputs, outputs })),
      [
        { name: "Neg", inputs: ["x"], outputs: ["negated"] },
        { name: "Exp", inputs: ["negated"], outputs: ["exponential"] }
      ]
    )
    assert.strictEqual(graph.values.get(y.name), named)
    assert.deepStrictEqual(Ops.extend(graph).Abs(y).shape, ["rows", 4])
    verify(graph)
  })

  it("copies an input, or an output already named, to give it an output's name", () => {
    const { op, x } = start()
    op.output(x, "copy")
    const y = op.Neg(x)
    op.output(y, "first")
    op.output(y, "second")
    const graph = op.build()
    assert.deepStrictEqual(
      graph.nodes.map(({ op: name, inputs, outputs }) => [name, inputs, outputs].flat()),
      [
        ["Identity", "x", "copy"],
        ["Neg", "x", "first"],
        ["Identity", "first", "second"]
      ]
    )
  })

  it("keeps what was built before it is extended", () => {
    const { op, x } = start()
    op.output(op.Neg(x), "y")
    const before = op.build()
    const text = JSON.stringify(before)
    Ops.extend(before).Neg(x)
    op.Exp(x)
    assert.strictEqual(JSON.stringify(before), text)
  })

  it("writes most shapes as constants", () => {
    const { op, x } = start()
    op.Reshape(x, ["rows", 2, 2])
    op.Reshape(x, ["4*rows"])
    assert.deepStrictEqual(
      op.build().nodes.map((node) => node.op),
      ["Reshape", "Reshape"]
    )
  })

  it.effect("dims() reads symbols off inputs, and computes products, sums and differences", () =>
    Effect.gen(function* () {
      const op = new Ops("dims")
      op.input("x", "float32", ["rows", "tokens+1"])
      op.input("y", "float32", ["heads*width"])
      op.output(op.dims(["rows", 7, 8, "rows*tokens-2", "3*tokens", "heads*width"]), "dims")
      const feeds = {
        x: { data: new Float32Array(15), shape: [3, 5] },
        y: { data: new Float32Array(6), shape: [6] }
      }
      const { dims } = yield* evaluate(op.build(), feeds)
      assert.deepStrictEqual(dims, BigInt64Array.from([3n, 7n, 8n, 10n, 12n, 6n]))
    })
  )

  it.effect("operators without a gradient have the shapes and values of ONNX", () =>
    Effect.gen(function* () {
      const op = new Ops("forward")
      const x = op.input("x", "float32", [2, 3])
      const zero = op.scalar(0)
      const positive = op.Greater(x, zero)
      const outputs: Readonly<Record<string, Value>> = {
        ArgMax: op.ArgMax(x, { axis: 1, keepdims: 0 }),
        Equal: op.Equal(x, op.scalar(5)),
        Less: op.Less(x, zero),
        LessOrEqual: op.LessOrEqual(x, zero),
        And: op.And(positive, op.Not(op.Greater(x, op.scalar(2)))),
        Sign: op.Sign(x),
        Shape: op.Shape(x, { start: 1 }),
        OneHot: op.OneHot(op.int64(2, 0), 3, op.constant(new Float32Array([0, 9]), [2])),
        Range: op.Range(op.scalar(1, "int64"), op.scalar(7, "int64"), op.scalar(2, "int64"), 3),
        TopK: op.TopK(x, 2)[1],
        ConstantOfShape: op.ConstantOfShape([2], 4, "int32")
      }
      for (const [name, value] of Object.entries(outputs)) op.output(value, name)
      const graph = op.build()
      verify(graph)
      const found = yield* evaluate(graph, { x: { data: new Float32Array([5, -1, 0, 1, 2, 3]), shape: [2, 3] } })
      const wanted = {
        ArgMax: [0, 2],
        Equal: [1, 0, 0, 0, 0, 0],
        Less: [0, 1, 0, 0, 0, 0],
        LessOrEqual: [0, 1, 1, 0, 0, 0],
        And: [0, 0, 0, 1, 1, 0],
        Sign: [1, -1, 0, 1, 1, 1],
        Shape: [3],
        OneHot: [0, 0, 9, 9, 0, 0],
        Range: [1, 3, 5],
        TopK: [0, 2, 2, 1],
        ConstantOfShape: [4, 4]
      }
      assert.deepStrictEqual(
        Object.fromEntries(Object.entries(found).map(([name, data]) => [name, Array.from(data, Number)])),
        wanted
      )
    })
  )
})
