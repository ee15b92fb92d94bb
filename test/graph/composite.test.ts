import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { type CompositeReverse, differentiate, GraphError, Ops, type Value, verify } from "../../src/graph/mod.ts"
import { OnnxRuntime } from "../../src/runtime/mod.ts"
import { evaluate } from "./evaluate.ts"

/** x and w of one test, and what a body makes of them, summed. */
const build = (body: (op: Ops, x: Value, w: Value) => Value) => {
  const op = new Ops("composite")
  const x = op.input("x", "float64", [3])
  const w = op.input("w", "float64", [3])
  op.output(op.Neg(w))
  const loss = op.output(op.ReduceSum(body(op, x, w), { keepdims: 0 }), "loss")
  return { graph: op.build(), loss, x, w }
}

/** The graph of a body with the gradient of one of its inputs. */
const differentiated = (body: Parameters<typeof build>[0], of: "x" | "w") => {
  const made = build(body)
  return differentiate(made.graph, { of: made.loss, withRespectTo: [made[of]] })
}

const feeds = {
  x: { data: Float64Array.of(-1.5, 0.25, 2), shape: [3] },
  w: { data: Float64Array.of(3, 5, 7), shape: [3] }
}

const gradientsOf = Effect.fnUntraced(function* (made: ReturnType<typeof build>, of: ReadonlyArray<"x" | "w">) {
  const result = differentiate(made.graph, { of: made.loss, withRespectTo: of.map((name) => made[name]) })
  const op = Ops.extend(result.graph)
  for (const [name, gradient] of result.gradients) op.output(gradient, `d${name}`)
  const graph = op.build()
  verify(graph)
  const found = yield* evaluate(graph, feeds)
  return of.map((name) => Array.from(found[`d${name}`] ?? [], Number))
})

/** Sign forwards, and backwards as if nothing had happened: a gradient that no inner rule gives. */
const straightThrough = (op: Ops, x: Value, reverse: CompositeReverse = (_, { dy }) => [dy]): Value =>
  op.composite("StraightThrough", [x], () => ({ output: op.Sign(x), saved: [] }), reverse)

layer(OnnxRuntime.layer({ threads: 1 }))("composite()", (it) => {
  it.effect("is differentiated by its own rule, not by those of its nodes", () =>
    Effect.gen(function* () {
      const made = build((op, x, w) => op.Mul(straightThrough(op, x), w))
      assert.deepStrictEqual(yield* gradientsOf(made, ["x", "w"]), [
        [3, 5, 7],
        [-1, 1, 1]
      ])
    })
  )

  it.effect("gives its rule the inputs, the output, what was saved, and which gradients are needed", () =>
    Effect.gen(function* () {
      const seen: Array<unknown> = []
      const made = build((op, x, w) =>
        op.composite(
          "Scaled",
          [x, w],
          () => {
            const sigmoid = op.Sigmoid(x)
            return { output: op.Mul(sigmoid, w), saved: [sigmoid] }
          },
          (back, { inputs, output, saved: [s = output], dy, needs }) => {
            seen.push({ inputs: inputs.map(({ name }) => name), output: output.name, saved: s.name, needs })
            return [undefined, back.Mul(dy, s)]
          }
        )
      )
      const sigmoids = [-1.5, 0.25, 2].map((x) => 1 / (1 + Math.exp(-x)))
      const [dw = []] = yield* gradientsOf(made, ["w"])
      assert.deepStrictEqual(
        dw.map((x) => x.toFixed(12)),
        sigmoids.map((x) => x.toFixed(12))
      )
      assert.deepStrictEqual(seen, [
        { inputs: ["x", "w"], output: "Scaled/Mul_0", saved: "Scaled/Sigmoid_0", needs: [false, true] }
      ])
    })
  )

  it.effect("belongs to the composite around it", () =>
    Effect.gen(function* () {
      const made = build((op, x) =>
        op.composite(
          "Outer",
          [x],
          () => ({ output: op.Mul(straightThrough(op, x), x), saved: [] }),
          (back, { dy }) => [back.Mul(dy, back.scalar(10, dy))]
        )
      )
      assert.deepStrictEqual(yield* gradientsOf(made, ["x"]), [[10, 10, 10]])
    })
  )

  it.effect("is known by the name its output is given", () =>
    Effect.gen(function* () {
      const made = build((op, x) => op.output(straightThrough(op, x), "sign"))
      assert.deepStrictEqual(yield* gradientsOf(made, ["x"]), [[1, 1, 1]])
    })
  )

  const refused = (what: string, message: string, body: (op: Ops, x: Value, w: Value) => Value, of: "x" | "w" = "x") =>
    it(`refuses ${what}`, () => {
      assert.throws(() => differentiated(body, of), GraphError, message)
    })

  refused(
    "a rule that gives nothing for an input that matters",
    'Cannot differentiate composite "StraightThrough": wanted a gradient for "x", its input 0',
    (op, x) => straightThrough(op, x, () => [])
  )
  refused(
    "a differentiated value that it reads beside its inputs",
    'Cannot differentiate composite "Hidden": wanted "w" among its inputs, since the gradient must reach it',
    (op, x, w) =>
      op.composite(
        "Hidden",
        [x],
        () => ({ output: op.Mul(x, w), saved: [] }),
        (_, { dy }) => [dy]
      ),
    "w"
  )
  refused(
    "an inner value that the result depends on beside its output",
    'Cannot differentiate composite "Leaking": wanted its inner value "Leaking/Exp_0" to be read inside only',
    (op, x) => {
      let inner = x
      const y = op.composite(
        "Leaking",
        [x],
        () => {
          inner = op.Exp(x)
          return { output: op.Neg(inner), saved: [] }
        },
        (_, { dy }) => [dy]
      )
      return op.Add(y, inner)
    }
  )
  refused(
    "an output that was not built inside",
    'Cannot call Empty "Empty": found float64 [3], wanted an output built inside',
    (op, x) =>
      op.composite(
        "Empty",
        [x],
        () => ({ output: x, saved: [] }),
        (_, { dy }) => [dy]
      )
  )
})
