import { readFileSync } from "node:fs"
import { Effect } from "effect"
import { openCheckpoint } from "../../src/checkpoint/mod.ts"
import { serialize } from "../../src/graph/mod.ts"
import { cacheNames, concatenatedNames, decodeGraph, type ModelConfig } from "../../src/model/mod.ts"
import { OnnxRuntime } from "../../src/runtime/mod.ts"

/** Keys and values of all layers by the names of their inputs, and how many tokens they hold. */
export interface Past {
  readonly length: number
  readonly values: Readonly<Record<string, Float32Array>>
}

const layersOf = ({ num_hidden_layers }: ModelConfig) => Array.from({ length: num_hidden_layers }, (_, layer) => layer)

/** The past before the first token. */
export const nothing: Past = { length: 0, values: {} }

/** An exported ONNX model in our own runtime: rows of ids behind a past, to logits [rows, tokens, vocab_size] and the longer past. */
export const openCausal = Effect.fnUntraced(function* (folder: string, config: ModelConfig, file = "model") {
  const runtime = yield* OnnxRuntime
  const model = readFileSync(`${folder}/onnx/${file}.onnx`)
  const session = yield* runtime.session({ name: "exported", model, externalFolder: `${folder}/onnx` })
  const { head_dim, num_key_value_heads, vocab_size } = config
  return Effect.fnUntraced(function* (
    given: {
      readonly ids: ReadonlyArray<ReadonlyArray<number>>
      readonly positions: ReadonlyArray<ReadonlyArray<number>>
      readonly mask: ReadonlyArray<ReadonlyArray<number>>
    },
    past: Past = nothing
  ) {
    const [rows, tokens] = [given.ids.length, given.ids[0]?.length ?? 0]
    const length = past.length + tokens
    const int64 = (table: ReadonlyArray<ReadonlyArray<number>>) =>
      runtime.tensor(BigInt64Array.from(table.flat(), BigInt), [rows, table[0]?.length ?? 0])
    const floats = (size: number) => new Float32Array(rows * num_key_value_heads * size * head_dim)
    const logits = new Float32Array(rows * tokens * vocab_size)
    const feeds = {
      input_ids: yield* int64(given.ids),
      attention_mask: yield* int64(given.mask),
      position_ids: yield* int64(given.positions)
    }
    const fetches = { logits: yield* runtime.tensor(logits, [rows, tokens, vocab_size]) }
    const values: Record<string, Float32Array> = {}
    const pastTensors: Record<string, Effect.Success<ReturnType<typeof runtime.tensor>>> = {}
    const presentTensors: typeof pastTensors = {}
    for (const layer of layersOf(config)) {
      const names = concatenatedNames(layer)
      for (const [from, to] of [
        [names.pastKey, names.presentKey],
        [names.pastValue, names.presentValue]
      ] as const) {
        const shape = (size: number) => [rows, num_key_value_heads, size, head_dim]
        values[from] = floats(length)
        pastTensors[from] = yield* runtime.tensor(past.values[from] ?? floats(0), shape(past.length))
        presentTensors[to] = yield* runtime.tensor(values[from] ?? floats(length), shape(length))
      }
    }
    yield* session.run({ ...feeds, ...pastTensors }, { ...fetches, ...presentTensors })
    return { logits, past: { length, values } satisfies Past }
  }, Effect.scoped)
})

/** Logits after the last of some ids, as the decode graph gives them. Shapes: [vocab_size]. */
export const decodeLogits = Effect.fnUntraced(function* (model: string, ids: ReadonlyArray<number>) {
  const runtime = yield* OnnxRuntime
  const { config, family, folder, weights } = yield* openCheckpoint(model, "causal")
  const graph = decodeGraph({ family, config, weights, contextLength: 64 })
  const session = yield* runtime.session({ name: "decode", model: serialize(graph), externalFolder: folder })
  const tokens = ids.length
  const logits = new Float32Array(config.vocab_size)
  const shape = [1, config.num_key_value_heads, tokens, config.head_dim]
  const past: Record<string, Effect.Success<ReturnType<typeof runtime.tensor>>> = {}
  const present: typeof past = {}
  for (const layer of layersOf(config)) {
    const names = cacheNames(layer)
    past[names.pastKey] = present[names.presentKey] = yield* runtime.allocate("float32", shape)
    past[names.pastValue] = present[names.presentValue] = yield* runtime.allocate("float32", shape)
  }
  yield* session.run(
    {
      ...past,
      ids: yield* runtime.tensor(BigInt64Array.from(ids, BigInt), [1, tokens]),
      lengths: yield* runtime.tensor(Int32Array.of(tokens - 1), [1]),
      longest: yield* runtime.tensor(Int32Array.of(tokens), []),
      last: yield* runtime.tensor(BigInt64Array.of(BigInt(tokens - 1)), [1]),
      temperature: yield* runtime.tensor(Float32Array.of(1), [1, 1]),
      uniform: yield* runtime.tensor(Float32Array.of(0), [1, 1])
    },
    {
      ...present,
      token: yield* runtime.tensor(new BigInt64Array(1), [1]),
      logits: yield* runtime.tensor(logits, [1, config.vocab_size])
    }
  )
  return logits
}, Effect.scoped)
