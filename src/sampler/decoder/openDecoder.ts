import { Effect } from "effect"
import type { WeightFormatName } from "../../../schemas/mod.ts"
import { serialize } from "../../graph/mod.ts"
import { decodeGraph, type Family, type ModelConfig, type StoredWeight } from "../../model/mod.ts"
import { OnnxRuntime } from "../../runtime/mod.ts"
import { cacheBytesPerToken } from "./Cache.ts"
import { keepWeights } from "./keepWeights.ts"
import { makeCopyTokens } from "./copyTokens.ts"
import { makeChoosing } from "./makeChooser.ts"
import { makeRoom } from "./makeRoom.ts"
import type { DecoderParts } from "./OpenCache.ts"
import { type CachePlan, longestRow } from "./planCache.ts"
import { type Listener, type Row, tokensNeeded } from "./Row.ts"
import { Turns } from "./Turns.ts"

/** The model that a decoder runs. */
export interface DecoderModel {
  readonly config: ModelConfig
  readonly family: Family
  readonly weights: ReadonlyMap<string, StoredWeight>
  readonly folder: string
}

/** How a decoder uses the machine: but for `weights`, nothing here changes what is drawn. */
export interface DecoderOptions {
  /** The most rows that grow at the same time; on WebGPU always 1. */
  readonly slots: number
  /** What the cache may take; it decides how many slots there are. No limit if absent. Units: bytes. */
  readonly cacheMemory?: number | undefined
  /** Tokens for which every slot has room from the beginning; rows that need more wait until no other row grows. */
  readonly slotTokens?: number | undefined
  /** How weights are kept; of the options, this one alone changes what is drawn. Default "float32". */
  readonly weights?: WeightFormatName | undefined
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

const openParts = Effect.fnUntraced(function* (model: DecoderModel, format: WeightFormatName) {
  const runtime = yield* OnnxRuntime
  const { config, family } = model
  const { folder, weights } = yield* keepWeights(model, format)
  const graph = decodeGraph({ family, config, weights, contextLength: config.max_position_embeddings })
  const name = `decode ${model.folder}`
  const session = yield* runtime.session({ name, model: serialize(graph), externalFolder: folder })
  const [copy, choosing] = [yield* makeCopyTokens(config), yield* makeChoosing(config)]
  return { config, session, copy, choosing } satisfies DecoderParts
})

/**
 * Opens a model for decoding, until the scope closes: rows that are still open then fail.
 *
 * Domain   What is drawn for a row depends on the weights and the row alone: on no option but `weights`, no order and no row beside it.
 * Fails    RuntimeError; SamplerError with RequestInvalid; PlatformError where weights are converted.
 */
export const openDecoder = Effect.fnUntraced(function* (model: DecoderModel, options: DecoderOptions) {
  const { config } = model
  const { cacheMemory: memory, chunkTokens = defaultChunkTokens, slotTokens, weights = "float32" } = options
  const { slices } = yield* OnnxRuntime
  const slots = slices === "anywhere" ? options.slots : 1 // the others begin inside the cache
  const contextLength = config.max_position_embeddings
  const plan: CachePlan = { bytesPerToken: cacheBytesPerToken(config), slots, memory, contextLength, slotTokens }
  const turns = new Turns(yield* makeRoom(yield* openParts(model, weights), plan), chunkTokens)
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
