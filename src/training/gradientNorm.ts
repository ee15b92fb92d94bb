import { Effect } from "effect"
import { Ops, serialize } from "../graph/mod.ts"
import { OnnxRuntime } from "../runtime/mod.ts"
import type { ParameterStore } from "./ParameterStore.ts"

const squareGraph = (): Uint8Array => {
  const op = new Ops("squareSum")
  op.output(op.ReduceSumSquare(op.input("gradient", "float32", ["n"]), { axes: [0], keepdims: 0 }), "sum")
  return serialize(op.build())
}

/**
 * The Euclidean norm of all gradients together.
 *
 * Fails    RuntimeError.
 */
export const makeGradientNorm = Effect.fnUntraced(function* (store: ParameterStore) {
  const runtime = yield* OnnxRuntime
  const session = yield* runtime.session({ name: "squareSum", model: squareGraph() })
  const sum = new Float32Array(1)
  const fetched = yield* runtime.tensor(sum, [])
  const bindings = yield* Effect.forEach(store.buckets, ({ gradient }) => session.bind({ gradient }, { sum: fetched }))
  return Effect.gen(function* () {
    let total = 0
    for (const binding of bindings) {
      yield* binding.run
      total += sum[0] ?? 0
    }
    return Math.sqrt(total)
  })
})
