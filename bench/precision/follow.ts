import { Effect } from "effect"
import type { Checkpoint } from "../../src/checkpoint/mod.ts"
import { serialize } from "../../src/graph/mod.ts"
import type { WeightFormatName } from "../../schemas/mod.ts"
import { cacheNames, decodeGraph } from "../../src/model/mod.ts"
import { OnnxRuntime, type Tensor } from "../../src/runtime/mod.ts"
import { keepWeights } from "../../src/sampler/mod.ts"

/** Tokens that the cache has room for. */
const room = 512

/** Next-token logits of a model kept in a format: a new row begins at position 0. */
export const openLogits = Effect.fnUntraced(function* (checkpoint: Checkpoint, format: WeightFormatName) {
  const runtime = yield* OnnxRuntime
  const { config, family } = checkpoint
  const { folder, weights } = yield* keepWeights(checkpoint, format)
  const model = serialize(decodeGraph({ family, config, weights, contextLength: room }))
  const session = yield* runtime.session({ name: format, model, externalFolder: folder })
  const past: Record<string, Tensor> = {}
  const present: Record<string, Tensor> = {}
  for (let layer = 0; layer < config.num_hidden_layers; layer++) {
    const names = cacheNames(layer)
    const allocate = runtime.allocate("float32", [1, config.num_key_value_heads, room, config.head_dim])
    past[names.pastKey] = present[names.presentKey] = yield* allocate
    past[names.pastValue] = present[names.presentValue] = yield* allocate
  }
  return Effect.fnUntraced(
    function* (ids: ReadonlyArray<number>, position: number) {
      const end = position + ids.length
      const feeds = {
        ...past,
        ids: yield* runtime.tensor(BigInt64Array.from(ids, BigInt), [1, ids.length]),
        lengths: yield* runtime.tensor(Int32Array.of(end - 1), [1]),
        longest: yield* runtime.tensor(Int32Array.of(end), []),
        last: yield* runtime.tensor(BigInt64Array.of(BigInt(ids.length - 1)), [1])
      }
      const draw = {
        temperature: yield* runtime.tensor(Float32Array.of(1), [1, 1]),
        uniform: yield* runtime.tensor(Float32Array.of(0), [1, 1]),
        greedy: yield* runtime.tensor(Uint8Array.of(1), [1], "bool")
      }
      const logits = new Float32Array(config.vocab_size)
      const token = yield* runtime.tensor(new BigInt64Array(1), [1])
      const fetched = { ...present, token, logits: yield* runtime.tensor(logits, [1, config.vocab_size]) }
      yield* session.run({ ...feeds, ...draw }, fetched)
      return logits
    },
    Effect.scoped,
    Effect.provideService(OnnxRuntime, runtime)
  )
})
