import type { Ops, Value } from "../../../src/graph/mod.ts"
import { checked, given, ids, use } from "../Case.ts"

const noFloat64 = "the operators of com.microsoft take no float64"

const big = { r: 2, m: 150, n: 64, k: 2 }

const rotated = (op: Ops, v: Readonly<Record<"x" | "at" | "cos" | "sin", Value>>, interleaved: 0 | 1) =>
  op.RotaryEmbedding(v.x, v.at, v.cos, v.sin, { interleaved })

/** Uses of norms and rotary positions. */
export const attention = {
  SimplifiedLayerNormalization: [
    use(
      { x: checked("m", "n"), w: checked("n") },
      (op, { x, w }) => op.SimplifiedLayerNormalization(x, w, { epsilon: 0.1 })[0],
      { big }
    ),
    use(
      { x: checked("m", "n", 2), w: checked("n", 2) },
      (op, { x, w }) => op.SimplifiedLayerNormalization(x, w, { epsilon: 0.1, axis: 1 })[0],
      { big }
    )
  ],
  SkipSimplifiedLayerNormalization: [
    use(
      { x: checked("r", "m", "n"), s: checked("r", "m", "n"), w: checked("n") },
      (op, { x, s, w }) => op.SkipSimplifiedLayerNormalization(x, s, w, { epsilon: 0.1 })[0],
      { big, float32: noFloat64 }
    ),
    use(
      { x: checked("r", "m", "n"), s: checked("r", "m", "n"), w: checked("n") },
      (op, { x, s, w }) => {
        const [y, sum] = op.SkipSimplifiedLayerNormalization(x, s, w, { epsilon: 0.1 })
        return op.Mul(y, sum)
      },
      { big, float32: noFloat64 }
    )
  ],
  RotaryEmbedding: ([0, 1] as const).flatMap((interleaved) => [
    use(
      { x: checked("r", "k", "m", 4), at: ids(["r", "m"], { below: "m" }), cos: given("m", 2), sin: given("m", 2) },
      (op, values) => rotated(op, values, interleaved),
      { float32: noFloat64, big }
    ),
    use(
      { x: checked("r", "k", "m", 4), at: ids([1], { below: 1 }), cos: given("m", 2), sin: given("m", 2) },
      (op, values) => rotated(op, values, interleaved),
      { float32: noFloat64, big }
    )
  ])
}
