import { assert, describe, it } from "@effect/vitest"
import { differentiate, GraphError, Ops, serialize, verify } from "../../src/graph/mod.ts"

const start = () => {
  const op = new Ops("test")
  return {
    op,
    x: op.input("x", "float32", ["rows", 4]),
    w: op.input("w", "float32", [6, 4]),
    ids: op.input("ids", "int64", ["rows"])
  }
}

const opsOf = (nodes: ReadonlyArray<{ readonly op: string }>) => nodes.map((node) => node.op)

/** A small model with its gradients, built anew. */
const modelBytes = () => {
  const { op, x, w, ids } = start()
  const rows = op.Gather(w, ids)
  const loss = op.output(op.ReduceMean(op.Softplus(op.Mul(x, rows)), { keepdims: 0 }), "loss")
  const { graph, gradients } = differentiate(op.build(), { of: loss, withRespectTo: [x, w] })
  const more = Ops.extend(graph)
  for (const [name, gradient] of gradients) more.output(gradient, `d${name}`)
  verify(more.build())
  return serialize(more.build())
}

describe("differentiate()", () => {
  it("builds the two products of a linear layer with flags, without a Transpose", () => {
    const { op, x, w } = start()
    const loss = op.ReduceSum(op.Gemm(x, w, undefined, { transB: 1 }), { keepdims: 0 })
    const before = op.build()
    const { graph, gradients } = differentiate(before, { of: loss, withRespectTo: [x, w] })
    const added = graph.nodes.slice(before.nodes.length)
    const products = added.filter((node) => node.op === "Gemm")
    assert.deepStrictEqual(
      products.map(({ name, attributes: { transA, transB } }) => ({ name, transA, transB })),
      [
        { name: "gradient/Gemm_0/Gemm_0", transA: { int: 0 }, transB: { int: 0 } },
        { name: "gradient/Gemm_0/Gemm_1", transA: { int: 1 }, transB: { int: 0 } }
      ]
    )
    assert.notInclude(opsOf(added), "Transpose")
    assert.deepStrictEqual(
      [...gradients].map(([name, { shape }]) => [name, shape]),
      [
        ["x", ["rows", 4]],
        ["w", [6, 4]]
      ]
    )
  })

  it("computes only what is asked for", () => {
    const { op, x, w } = start()
    const loss = op.ReduceSum(op.Gemm(op.Exp(x), w, undefined, { transB: 1 }), { keepdims: 0 })
    const before = op.build()
    const { graph } = differentiate(before, { of: loss, withRespectTo: [w] })
    assert.deepStrictEqual(
      opsOf(graph.nodes.slice(before.nodes.length).filter((node) => node.name.startsWith("gradient/"))),
      ["Unsqueeze", "Expand", "Gemm"]
    )
  })

  it("adds up the gradients of several uses", () => {
    const op = new Ops("uses")
    const x = op.input("x", "float32", [])
    const loss = op.output(op.Add(op.Mul(x, x), x), "loss")
    const { graph, gradients } = differentiate(op.build(), { of: loss, withRespectTo: [x] })
    // x² + x: dy·x twice from the product, and dy itself, summed in the order of the walk
    assert.deepStrictEqual(
      graph.nodes.slice(2).map(({ name, inputs }) => [name, inputs].flat()),
      [
        ["gradient/Mul_0/Mul_0", "constants/float32 1", "x"],
        ["gradient/Mul_0/Mul_1", "constants/float32 1", "x"],
        ["gradient/Mul_0/Add_0", "constants/float32 1", "gradient/Mul_0/Mul_0"],
        ["gradient/Mul_0/Add_1", "gradient/Mul_0/Add_0", "gradient/Mul_0/Mul_1"]
      ]
    )
    assert.strictEqual(gradients.get("x")?.name, "gradient/Mul_0/Add_1")
  })

  it("gives the same bytes twice", () => {
    assert.deepStrictEqual(modelBytes(), modelBytes())
  })

  it("scatters the gradient of a Gather with ScatterElements", () => {
    const { op, w, ids } = start()
    const loss = op.ReduceSum(op.Gather(w, ids), { keepdims: 0 })
    const { graph } = differentiate(op.build(), { of: loss, withRespectTo: [w] })
    const scatter = graph.nodes.find((node) => node.op === "ScatterElements")
    assert.deepStrictEqual(scatter?.attributes, { axis: { int: 0 }, reduction: { string: "add" } })
    assert.notInclude(opsOf(graph.nodes), "ScatterND")
  })

  it("takes a value between input and result, and the result itself", () => {
    const { op, x } = start()
    const middle = op.Exp(x)
    const loss = op.ReduceSum(middle, { keepdims: 0 })
    const { gradients } = differentiate(op.build(), { of: loss, withRespectTo: [middle, loss] })
    assert.deepStrictEqual(
      [...gradients].map(([name, { shape }]) => [name, shape]),
      [
        ["Exp_0", ["rows", 4]],
        ["ReduceSum_0", []]
      ]
    )
  })

  it("finds values by the names they had before they became outputs", () => {
    const { op, x } = start()
    const loss = op.ReduceSum(x, { keepdims: 0 })
    op.output(loss, "loss")
    const { gradients } = differentiate(op.build(), { of: loss, withRespectTo: [x] })
    assert.deepStrictEqual([...gradients.keys()], ["x"])
  })

  it("lets comparisons and places pass as constants", () => {
    const { op, x } = start()
    const best = op.Cast(op.ArgMax(x, { axis: 1, keepdims: 1 }), { to: "float32" })
    const mask = op.Cast(op.Greater(x, op.scalar(0)), { to: "float32" })
    const loss = op.ReduceSum(op.Add(op.Mul(x, mask), best), { keepdims: 0 })
    const { gradients } = differentiate(op.build(), { of: loss, withRespectTo: [x] })
    assert.deepStrictEqual(gradients.get("x")?.shape, ["rows", 4])
  })

  const refusals: ReadonlyArray<
    readonly [what: string, run: (from: ReturnType<typeof start>) => unknown, message: string]
  > = [
    [
      "a result that is no scalar",
      ({ op, x }) => {
        const y = op.Exp(x)
        return differentiate(op.build(), { of: y, withRespectTo: [x] })
      },
      'Cannot differentiate "Exp_0": found float32 [rows, 4], wanted a floating-point scalar'
    ],
    [
      "whole numbers",
      ({ op, x, ids }) => {
        const loss = op.ReduceSum(x, { keepdims: 0 })
        return differentiate(op.build(), { of: loss, withRespectTo: [ids] })
      },
      'Cannot differentiate "ids": found int64 [rows], wanted a floating-point value'
    ],
    [
      "a value that the result does not depend on",
      ({ op, x, w }) => {
        const loss = op.ReduceSum(x, { keepdims: 0 })
        return differentiate(op.build(), { of: loss, withRespectTo: [x, w] })
      },
      'Cannot differentiate "ReduceSum_0" with respect to "w": no differentiable path leads from one to the other'
    ],
    [
      "a value that reaches the result through a comparison only",
      ({ op, x }) => {
        const loss = op.ReduceSum(op.Sign(x), { keepdims: 0 })
        return differentiate(op.build(), { of: loss, withRespectTo: [x] })
      },
      'Cannot differentiate "ReduceSum_0" with respect to "x": no differentiable path leads from one to the other'
    ],
    [
      "an operator on the path without a rule",
      ({ op, x, ids }) => {
        const values = op.Slice(op.Reshape(x, ["4*rows"]), { starts: [0], ends: [2] })
        const loss = op.ReduceSum(op.OneHot(ids, 3, values), { keepdims: 0 })
        return differentiate(op.build(), { of: loss, withRespectTo: [x] })
      },
      'Cannot differentiate OneHot "OneHot_0": wanted an operator with a reverse rule'
    ],
    [
      "a rule that has no gradient for an input that matters",
      ({ op, x }) => {
        const at = op.constant(new BigInt64Array([0n]), [1, 1])
        const loss = op.ReduceSum(
          op.ScatterElements(x, at, op.constant(new Float32Array(1), [1, 1]), { reduction: "mul" }),
          { keepdims: 0 }
        )
        return differentiate(op.build(), { of: loss, withRespectTo: [x] })
      },
      'Cannot differentiate ScatterElements "ScatterElements_0": wanted a gradient for "x", its input 0'
    ],
    [
      "a value of another graph",
      ({ op, x }) => {
        const loss = op.ReduceSum(x, { keepdims: 0 })
        return differentiate(op.build(), { of: loss, withRespectTo: [{ name: "y", type: "float32", shape: [] }] })
      },
      'Cannot differentiate "y": found no such value in the graph, wanted a floating-point value'
    ]
  ]
  for (const [what, run, message] of refusals) {
    it(`refuses ${what}`, () => {
      assert.throws(() => run(start()), GraphError, message)
    })
  }
})
