import { Effect } from "effect"
import type { CacheFormatName, WeightFormatName } from "../../../schemas/mod.ts"
import type { ModelConfig } from "../../model/mod.ts"
import { OnnxRuntime } from "../../runtime/mod.ts"
import { cacheBytesPerToken } from "./Cache.ts"
import { makeRoom } from "./makeRoom.ts"
import { type DecoderModel, openParts } from "./openParts.ts"
import { type CachePlan, longestRow } from "./planCache.ts"
import { type Listener, type Row, tokensNeeded } from "./Row.ts"
import { Turns } from "./Turns.ts"

/** How a decoder uses the machine: but for `weights` and `cache`, nothing here changes what is drawn. */
export interface DecoderOptions {
  /** The most rows that grow at the same time; on WebGPU always 1. */
  readonly slots: number
  /** What the cache may take; it decides how many slots there are. No limit if absent. Units: bytes. */
  readonly cacheMemory?: number | undefined
  /** Tokens for which every slot has room from the beginning; rows that need more wait until no other row grows. */
  readonly slotTokens?: number | undefined
  /** How weights are kept; changes what is drawn. Default "float32". */
  readonly weights?: WeightFormatName | undefined
  /** How keys and values are kept; changes what is drawn. Default "float32". */
  readonly cache?: CacheFormatName | undefined
  /** Tokens of prompts read between two steps of the rows that grow. Default 128. */
  readonly chunkTokens?: number | undefined
}

/** Draws rows, as many at the same time as there are slots: a row that ends makes room for the next one at once. */
export interface Decoder {
  readonly config: ModelConfig
  readonly plan: CachePlan
  /**
   * Adds a row and gives what takes it back; its listener hears of it from then on.
   *
   * Domain   The row fits into a slot: `tokensNeeded` is at most `longestRow` of the plan.
   */
  readonly submit: (row: Row, listener: Listener) => () => void
}

const defaultChunkTokens = 128

/**
 * Opens a model for decoding, until the scope closes: rows that are still open then fail.
 *
 * Domain   What is drawn for a row depends on the weights and the row alone: on no option but `weights` and `cache`, no order and no row beside it.
 * Fails    RuntimeError; SamplerError with RequestInvalid; PlatformError where weights are converted.
 */
export const openDecoder = Effect.fnUntraced(function* (model: DecoderModel, options: DecoderOptions) {
  const { config } = model
  const { cacheMemory: memory, chunkTokens = defaultChunkTokens, slotTokens } = options
  const { cache = "float32", weights = "float32" } = options
  const { slices } = yield* OnnxRuntime
  const slots = slices === "anywhere" ? options.slots : 1 // the others begin inside the cache
  const contextLength = config.max_position_embeddings
  const parts = yield* openParts(model, { weights, cache })
  const plan: CachePlan = { bytesPerToken: cacheBytesPerToken(config, cache), slots, memory, contextLength, slotTokens }
  const turns = new Turns(yield* makeRoom(parts, plan), chunkTokens)
  yield* Effect.addFinalizer(() => Effect.sync(() => turns.close(new Error("the decoder was closed"))))
  yield* Effect.forkScoped(Effect.forever(turns.next))
  const decoder: Decoder = {
    config,
    plan,
    submit: (row, listener) => {
      if (tokensNeeded(row) > longestRow(plan)) throw new RangeError("A row does not fit into the cache")
      return turns.add(row, listener)
    }
  }
  return decoder
})
