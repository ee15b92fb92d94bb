import type { Ops, Value } from "../../../src/graph/mod.ts"
import { type Case, checked, use } from "../Case.ts"

type Options = { readonly axes?: ReadonlyArray<number>; readonly keepdims?: 0 | 1 }

const big = { k: 30, m: 40, n: 50 }

const reduction = (
  call: (op: Ops, x: Value, options: Options) => Value,
  range: readonly [number, number] = [-2, 2]
): ReadonlyArray<Case> =>
  [
    {},
    { keepdims: 0 as const },
    { axes: [-1] },
    { axes: [0, 2], keepdims: 0 as const },
    { axes: [1], keepdims: 0 as const }
  ].map((options) => use({ x: checked("k", "m", "n") }, (op, { x }) => call(op, x, options), { big, range }))

const alongAxis = (call: (op: Ops, x: Value, axis: number) => Value): ReadonlyArray<Case> =>
  [-1, 1, 0].map((axis) => use({ x: checked("k", "m", "n") }, (op, { x }) => call(op, x, axis), { big }))

const flags = [0, 1] as const

/** Uses of the operators that combine the elements along axes. */
export const reductions = {
  ReduceSum: reduction((op, x, options) => op.ReduceSum(x, options)),
  ReduceMean: reduction((op, x, options) => op.ReduceMean(x, options)),
  ReduceMax: reduction((op, x, options) => op.ReduceMax(x, options)),
  ReduceLogSum: reduction((op, x, options) => op.ReduceLogSum(x, options), [0.5, 2]),
  ReduceSumSquare: reduction((op, x, options) => op.ReduceSumSquare(x, options)),
  CumSum: flags.flatMap((exclusive) =>
    flags.map((reverse) =>
      use({ x: checked("m", "n") }, (op, { x }) => op.CumSum(x, op.scalar(1, "int64"), { exclusive, reverse }), {
        big: { m: 200, n: 200 }
      })
    )
  ),
  Softmax: alongAxis((op, x, axis) => op.Softmax(x, { axis })),
  LogSoftmax: alongAxis((op, x, axis) => op.LogSoftmax(x, { axis })),
  TopK: [
    use({ x: checked("m", 3) }, (op, { x }) => op.TopK(x, 2)[0], { big: { m: 20_000 } }),
    use({ x: checked("m", "n") }, (op, { x }) => op.TopK(x, 1, { axis: 0, largest: 0 })[0], { big: { m: 200, n: 200 } })
  ]
}
