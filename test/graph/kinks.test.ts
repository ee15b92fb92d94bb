import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { differentiate, Ops, type Value } from "../../src/graph/mod.ts"
import { OnnxRuntime } from "../../src/runtime/mod.ts"
import { evaluate } from "./evaluate.ts"

/** Where a slope jumps there is no finite difference to compare with: what the rules choose there is stated here. */
const kinks: ReadonlyArray<
  readonly [what: string, x: ReadonlyArray<number>, build: (op: Ops, x: Value) => Value, dx: ReadonlyArray<number>]
> = [
  ["Σx² (the example of the room)", [1, 2, 3], (op, x) => op.Mul(x, x), [2, 4, 6]],
  ["ReduceMax, shared by equal largest elements", [1, 3, 3], (op, x) => op.ReduceMax(x), [0, 0.5, 0.5]],
  ["Max, halved between equal operands", [0, 1, 2], (op, x) => op.Max(x, op.scalar(1, x)), [0, 0.5, 1]],
  ["Min, halved between equal operands", [0, 1, 2], (op, x) => op.Min(x, op.scalar(1, x)), [1, 0.5, 0]],
  ["Relu, none at 0", [-1, 0, 1], (op, x) => op.Relu(x), [0, 0, 1]],
  ["Abs, none at 0", [-2, 0, 2], (op, x) => op.Abs(x), [-1, 0, 1]],
  [
    "Clip, whole at a bound",
    [-1, 0, 0.5, 1, 2],
    (op, x) => op.Clip(x, op.scalar(0, x), op.scalar(1, x)),
    [0, 1, 1, 1, 0]
  ]
]

layer(OnnxRuntime.layer({ threads: 1 }))("the gradient at a kink of", (it) => {
  for (const [what, xs, build, dx] of kinks) {
    it.effect(what, () =>
      Effect.gen(function* () {
        const op = new Ops("kink")
        const x = op.input("x", "float64", ["n"])
        const loss = op.output(op.ReduceSum(build(op, x), { keepdims: 0 }), "loss")
        const { graph, gradients } = differentiate(op.build(), { of: loss, withRespectTo: [x] })
        const more = Ops.extend(graph)
        for (const gradient of gradients.values()) more.output(gradient, "dx")
        const feeds = { x: { data: Float64Array.from(xs), shape: [xs.length] } }
        const found = yield* evaluate(more.build(), feeds, { n: xs.length })
        assert.deepStrictEqual(Array.from(found["dx"] ?? [], Number), dx)
      })
    )
  }
})
