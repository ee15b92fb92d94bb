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

type Weight = NamedWeights extends ReadonlyMap<string, infer W> ? W : never

/**
 * Adds low-rank changes to weights, one at a time.
 *
 * Shapes   weight: [out, in]; up: [out, rank]; down: [rank, in]; result as weight.
 * Fails    RuntimeError.
 */
export const openMerge = Effect.fn("openMerge")(function* (lora: Lora) {
  const runtime = yield* OnnxRuntime
  const session = yield* runtime.session({ name: "merge", model: mergeGraph(lora) })
  const tensor = ({ data, shape }: Weight) => runtime.tensor(data, shape)
  return Effect.fnUntraced(function* (weight: Weight, change: { readonly up: Weight; readonly down: Weight }) {
    const data = new Float32Array(weight.data.length)
    yield* session.run(
      { weight: yield* tensor(weight), up: yield* tensor(change.up), down: yield* tensor(change.down) },
      { merged: yield* tensor({ data, shape: weight.shape }) }
    )
    return data
  }, Effect.scoped)
})

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
  const merge = yield* openMerge(lora)
  const merged = new Map(base)
  for (const [name, weight] of base) {
    const { down, up } = loraNames(name.replace(/\.weight$/, ""))
    const [a, b] = [adapter.get(down), adapter.get(up)]
    if (a && b) merged.set(name, { shape: weight.shape, data: yield* merge(weight, { up: b, down: a }) })
  }
  for (const [name, weight] of adapter) if (!isLora(name)) merged.set(name, weight)
  return merged
}, Effect.scoped)
