import { Effect } from "effect"
import { Ops, serialize } from "../graph/mod.ts"
import { cacheNames, type ModelConfig } from "../model/mod.ts"
import { OnnxRuntime, type Tensor } from "../runtime/mod.ts"

/** The key/value cache of some rows: one tensor per layer and kind, filled in place. Shapes: [rows, kvHeads, length, head_dim]. */
export interface Cache {
  readonly rows: number
  readonly keys: ReadonlyArray<Tensor>
  readonly values: ReadonlyArray<Tensor>
}

/**
 * An empty cache, on the device of the runtime, freed with the scope.
 *
 * Fails    RuntimeError.
 */
export const allocateCache = Effect.fnUntraced(function* (
  config: ModelConfig,
  size: { readonly rows: number; readonly length: number }
) {
  const runtime = yield* OnnxRuntime
  const shape = [size.rows, config.num_key_value_heads, size.length, config.head_dim]
  const layers = Array.from({ length: config.num_hidden_layers }, (_, layer) => layer)
  const tensors = () => Effect.forEach(layers, () => runtime.allocate("float32", shape))
  const cache: Cache = { rows: size.rows, keys: yield* tensors(), values: yield* tensors() }
  return cache
})

/** The cache as feeds and fetches of the decode graph: the same tensors on both sides. */
export const cacheBindings = (cache: Cache) => {
  const past: Record<string, Tensor> = {}
  const present: Record<string, Tensor> = {}
  cache.keys.forEach((key, layer) => {
    const value = cache.values[layer]
    if (!value) return
    const names = cacheNames(layer)
    past[names.pastKey] = present[names.presentKey] = key
    past[names.pastValue] = present[names.presentValue] = value
  })
  return { past, present }
}

const layerNames = (layer: number) => [`${layer}.key`, `${layer}.value`] as const

const selectRowsGraph = (config: ModelConfig): Uint8Array => {
  const op = new Ops("selectRows")
  const rows = op.input("rows", "int64", ["to"])
  const shape = ["from", config.num_key_value_heads, "length", config.head_dim]
  for (let layer = 0; layer < config.num_hidden_layers; layer++) {
    for (const name of layerNames(layer)) {
      op.output(op.Gather(op.input(`from.${name}`, "float32", shape), rows, { axis: 0 }), `to.${name}`)
    }
  }
  return serialize(op.build())
}

/**
 * Copies rows of one cache into another: to share a prompt's prefill among its responses, and to drop rows that have ended.
 *
 * Fails    RuntimeError.
 */
export const makeSelectRows = Effect.fnUntraced(function* (config: ModelConfig) {
  const runtime = yield* OnnxRuntime
  const session = yield* runtime.session({ name: "selectRows", model: selectRowsGraph(config) })
  return Effect.fnUntraced(function* (from: Cache, to: Cache, rows: ReadonlyArray<number>) {
    const index = yield* runtime.tensor(BigInt64Array.from(rows, BigInt), [rows.length])
    const feeds: Record<string, Tensor> = { rows: index }
    const fetches: Record<string, Tensor> = {}
    for (const [cache, target, side] of [
      [from, feeds, "from"],
      [to, fetches, "to"]
    ] as const) {
      cache.keys.forEach((key, layer) => {
        const value = cache.values[layer]
        const [keyName, valueName] = layerNames(layer)
        target[`${side}.${keyName}`] = key
        if (value) target[`${side}.${valueName}`] = value
      })
    }
    yield* session.run(feeds, fetches)
  }, Effect.scoped)
})
