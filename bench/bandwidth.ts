import { Effect } from "effect"
import { Ops, serialize } from "../src/graph/mod.ts"
import { OnnxRuntime } from "../src/runtime/mod.ts"
import { median } from "./measure.ts"

const [rows, columns] = [64, 1 << 20]

/** What memory gives to a reader that only adds up 256 MB, on as many threads as the runtime has. Units: GB/s. */
export const bandwidthPeak = Effect.gen(function* () {
  const runtime = yield* OnnxRuntime
  const op = new Ops("bandwidth")
  const x = op.input("x", "float32", [rows, columns])
  op.output(op.ReduceSum(x, { axes: [1], keepdims: 0 }), "sum")
  const session = yield* runtime.session({ name: "bandwidth", model: serialize(op.build()) })
  const feeds = { x: yield* runtime.tensor(new Float32Array(rows * columns).fill(1), [rows, columns]) }
  const binding = yield* session.bind(feeds, { sum: yield* runtime.tensor(new Float32Array(rows), [rows]) })
  const seconds = yield* median(binding.run, { warmUp: 2, runs: 9 })
  return (4 * rows * columns) / seconds / 1e9
}).pipe(Effect.scoped)
