import { Effect } from "effect"
import { Ops, serialize } from "../graph/mod.ts"
import { isLora, type Lora, loraNames, loraScale } from "../model/mod.ts"
import { OnnxRuntime } from "../runtime/mod.ts"
import type { NamedWeights } from "./writeFolder.ts"

/** W + scale·B·A. Shapes: weight [out, in], up [out, rank], down [rank, in]. */
const mergeGraph = (lora: Lora): Uint8Array => {
  const op = new Ops("merge")
  const weight = op.input("weight", "float32", ["out", "in"])
  const up = op.input("up", "float32", ["out", lora.rank])
  const down = op.input("down", "float32", [lora.rank, "in"])
  op.output(op.Gemm(up, down, weight, { alpha: loraScale(lora) }), "merged")
  return serialize(op.build())
}

/**
 * The weights of a model with a low-rank change added to them.
 *
 * Fails    RuntimeError.
 */
export const mergeAdapter = Effect.fn("mergeAdapter")(function* (options: {
  readonly lora: Lora
  readonly base: NamedWeights
  readonly adapter: NamedWeights
}) {
  const { adapter, base, lora } = options
  const runtime = yield* OnnxRuntime
  const session = yield* runtime.session({ name: "merge", model: mergeGraph(lora) })
  const merged = new Map(base)
  const tensor = ({ data, shape }: { readonly data: Float32Array; readonly shape: ReadonlyArray<number> }) =>
    runtime.tensor(data, shape)
  for (const [name, weight] of base) {
    const { down, up } = loraNames(name.replace(/\.weight$/, ""))
    const [a, b] = [adapter.get(down), adapter.get(up)]
    if (!a || !b) continue
    const data = new Float32Array(weight.data.length)
    yield* Effect.scoped(
      Effect.gen(function* () {
        yield* session.run(
          { weight: yield* tensor(weight), up: yield* tensor(b), down: yield* tensor(a) },
          { merged: yield* tensor({ data, shape: weight.shape }) }
        )
      })
    )
    merged.set(name, { shape: weight.shape, data })
  }
  for (const [name, weight] of adapter) if (!isLora(name)) merged.set(name, weight)
  return merged
}, Effect.scoped)
