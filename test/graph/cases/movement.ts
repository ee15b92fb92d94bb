import { multiplyDims } from "../../../src/graph/mod.ts"
import { checked, use } from "../Case.ts"

const big = { k: 30, m: 40, n: 50 }

/** Uses of the operators that move elements. */
export const movement = {
  Transpose: [
    use({ x: checked("m", "n") }, (op, { x }) => op.Transpose(x, { perm: [1, 0] }), { big }),
    use({ x: checked("k", "m", "n") }, (op, { x }) => op.Transpose(x, { perm: [2, 0, 1] }), { big })
  ],
  Reshape: [
    use({ x: checked("m", "n") }, (op, { x }, size) => op.Reshape(x, [size("m*n")]), { big }),
    use({ x: checked("k", "m", "n") }, (op, { x }, size) => op.Reshape(x, [size("n"), size("k"), size("m")]), { big }),
    use({ x: checked("m", 4, "n") }, (op, { x }, size) => op.Reshape(x, [2, size("m"), size("n"), 2]), { big })
  ],
  Expand: [
    use({ x: checked("n"), like: checked("m", "n") }, (op, { x, like }) => op.Mul(op.Expand(x, like.shape), like), {
      big
    }),
    use({ x: checked("m", 1) }, (op, { x }, size) => op.Expand(x, [2, size("m"), 3]), { big: { m: 4000 } })
  ],
  Unsqueeze: [use({ x: checked("m", "n") }, (op, { x }) => op.Unsqueeze(x, [0, -1]), { big })],
  Squeeze: [use({ x: checked(1, "m", 1, "n") }, (op, { x }) => op.Squeeze(x, [0, 2]), { big })],
  Concat: [
    use(
      { a: checked("m", "n"), b: checked("m", 2), c: checked("m", "n") },
      (op, { a, b, c }) => op.Concat([a, b, c], { axis: -1 }),
      { big }
    ),
    use({ a: checked("m", "n") }, (op, { a }) => op.Concat([a, a], { axis: 0 }), { big })
  ],
  Split: [
    use(
      { x: checked("m", 5) },
      (op, { x }) => {
        const [first, , last] = op.Split(x, { axis: 1, split: [1, 2, 2] })
        return first && last ? op.Mul(first, last) : x
      },
      { big: { m: 4000 } }
    ),
    use(
      { x: checked("m", "n"), y: checked("k", "n") },
      (op, { x, y }, size) => {
        const [first, last] = op.Split(op.Concat([x, y], { axis: 0 }), { axis: 0, split: [size("m"), size("k")] })
        return first && last ? op.Add(op.ReduceSum(first), op.Exp(last)) : x
      },
      { big }
    )
  ],
  Slice: [
    use({ x: checked(4, "n", 5) }, (op, { x }) => op.Slice(x, { starts: [1, -3], ends: [3, -1], axes: [0, -1] }), {
      big: { n: 4000 }
    }),
    use({ x: checked("m+2", "n") }, (op, { x }) => op.Slice(x, { starts: [1], ends: [-1] }), { big }),
    use(
      { x: checked("m+k", "n"), y: checked("m", "k") },
      (op, { x, y }, size) => op.Add(op.Slice(x, { starts: [0], ends: [size("m")] }), op.ReduceSum(y)),
      { big }
    ),
    use(
      { x: checked(7, "n", 3) },
      (op, { x }) => op.Slice(x, { starts: [1, 1], ends: [6, 3], axes: [0, 2], steps: [2, 1] }),
      { big: { n: 4000 } }
    )
  ],
  Pad: [
    use({ x: checked("m", "n") }, (op, { x }, size) => op.Pad(x, { before: [1, 0], after: [size("n"), 2] }), { big })
  ],
  Tile: [
    use({ x: checked("m", "n") }, (op, { x }) => op.Tile(x, [2, 3]), { big }),
    use({ x: checked("m", "n") }, (op, { x }, size) => op.Tile(x, [1, size(multiplyDims(["m", 2]))]), { big })
  ],
  Trilu: [
    use({ x: checked("m", "n") }, (op, { x }) => op.Trilu(x), { big: { m: 200, n: 200 } }),
    use({ x: checked(2, "m", "n") }, (op, { x }) => op.Trilu(x, { upper: 0, k: -1 }), { big: { m: 200, n: 200 } })
  ]
}
