import { Effect } from "effect"
import { Ops, serialize } from "../src/graph/mod.ts"
import { OnnxRuntime } from "../src/runtime/mod.ts"
import { median } from "./measure.ts"

const size = 2048

/**
 * What this machine reaches in a square matrix product with a constant right side: the ceiling that shares are given of.
 *
 * Units   GFLOP/s, the median of seven runs after two to warm up.
 */
export const gemmPeak = Effect.gen(function* () {
  const runtime = yield* OnnxRuntime
  const op = new Ops("gemm")
  const weight = op.constant(new Float32Array(size * size).fill(0.5), [size, size])
  op.output(op.MatMul(op.input("x", "float32", [size, size]), weight), "y")
  const session = yield* runtime.session({ name: "gemm", model: serialize(op.build()) })
  const x = yield* runtime.tensor(new Float32Array(size * size).fill(0.5), [size, size])
  const y = yield* runtime.tensor(new Float32Array(size * size), [size, size])
  const seconds = yield* median(session.run({ x }, { y }), { warmUp: 2, runs: 7 })
  return (2 * size ** 3) / seconds / 1e9
}).pipe(Effect.scoped)
