import { Effect } from "effect"
import { Ops, serialize } from "../../graph/mod.ts"
import { cacheFormats, type ModelConfig } from "../../model/mod.ts"
import { OnnxRuntime, type Tensor, type TypedArray } from "../../runtime/mod.ts"
import { type Cache, cacheBytesPerToken, type CacheKind, sliceCache } from "./Cache.ts"

/** Copied between two looks at other work: about a millisecond. Units: bytes. */
const bytesAtOnce = 4e6

/** Which tokens are copied: the first ones of a slot to the same places of another. */
export interface Copying {
  readonly from: number
  readonly to: number
  readonly tokens: number
}

/** Copies within an array [slots, heads, length, width]. */
const copyWithin = (data: TypedArray, cache: Cache, config: ModelConfig, { from, to, tokens }: Copying): void => {
  const { head_dim, num_key_value_heads } = config
  const head = cache.length * head_dim
  for (let h = 0; h < num_key_value_heads; h++) {
    const source = (from * num_key_value_heads + h) * head
    data.copyWithin((to * num_key_value_heads + h) * head, source, source + tokens * head_dim)
  }
}

const copyOnHost = Effect.fnUntraced(function* (cache: Cache, { config, format }: CacheKind, copying: Copying) {
  const bytes = (cacheBytesPerToken(config, format) * copying.tokens) / (2 * config.num_hidden_layers)
  let copied = 0
  for (const { data } of [...cache.keys, ...cache.values]) {
    if (data) copyWithin(data, cache, config, copying)
    copied += bytes
    if (copied < bytesAtOnce) continue
    copied = 0
    yield* Effect.yieldNow
  }
})

const names = (cache: Cache): ReadonlyArray<readonly [name: string, tensor: Tensor]> => [
  ...cache.keys.map((tensor, layer) => [`${layer}.key`, tensor] as const),
  ...cache.values.map((tensor, layer) => [`${layer}.value`, tensor] as const)
]

const side = (name: "from" | "to", part: Cache) =>
  Object.fromEntries(names(part).map(([each, tensor]) => [`${name}.${each}`, tensor]))

const copyGraph = ({ config, format }: CacheKind): Uint8Array => {
  const op = new Ops("copySlot")
  const shape = [1, config.num_key_value_heads, "length", config.head_dim]
  for (let layer = 0; layer < config.num_hidden_layers; layer++) {
    for (const name of [`${layer}.key`, `${layer}.value`]) {
      op.output(op.Identity(op.input(`from.${name}`, cacheFormats[format].type, shape)), `to.${name}`)
    }
  }
  return serialize(op.build())
}

/**
 * Copies whole slots where the cache lies: for memory that this process cannot address.
 *
 * Fails    RuntimeError.
 */
export const makeCopyOnDevice = Effect.fnUntraced(function* (kind: CacheKind) {
  const runtime = yield* OnnxRuntime
  const session = yield* runtime.session({ name: "copySlot", model: copyGraph(kind) })
  return Effect.fnUntraced(
    function* (cache: Cache, { from, to }: Copying) {
      const source = yield* sliceCache(cache, { from, count: 1 })
      const target = yield* sliceCache(cache, { from: to, count: 1 })
      yield* session.run(side("from", source), side("to", target))
    },
    Effect.scoped,
    Effect.provideService(OnnxRuntime, runtime)
  )
})

/**
 * Copies the first tokens of one slot to another: a prompt that two rows share, or a row that moves.
 *
 * Fails    RuntimeError.
 */
export const makeCopyTokens = Effect.fnUntraced(function* (kind: CacheKind) {
  const runtime = yield* OnnxRuntime
  if (runtime.device !== "cpu") return yield* makeCopyOnDevice(kind)
  return (cache: Cache, copying: Copying) => copyOnHost(cache, kind, copying)
})
