import { Effect } from "effect"
import type { CacheFormatName, WeightFormatName } from "../../../schemas/mod.ts"
import { serialize } from "../../graph/mod.ts"
import {
  cacheFormats,
  decodeGraph,
  type Family,
  type ModelConfig,
  type StoredWeight,
  weightFormats
} from "../../model/mod.ts"
import { OnnxRuntime } from "../../runtime/mod.ts"
import { RequestInvalid, SamplerError } from "../errors.ts"
import type { CacheKind } from "./Cache.ts"
import { makeCopyTokens } from "./copyTokens.ts"
import { keepWeights } from "./keepWeights.ts"
import { makeChoosing } from "./makeChooser.ts"
import { measureSteps } from "./measureSteps.ts"
import type { DecoderParts } from "./OpenCache.ts"

/** The model that a decoder runs. */
export interface DecoderModel {
  readonly config: ModelConfig
  readonly family: Family
  readonly weights: ReadonlyMap<string, StoredWeight>
  readonly folder: string
}

/** How a decoder keeps weights and cache. */
export interface KeptFormats {
  readonly weights: WeightFormatName
  readonly cache: CacheFormatName
}

/** Refuses a format of caches that there is not, or not on this device. Fails: SamplerError with RequestInvalid. */
const checkCache = Effect.fnUntraced(function* (cache: CacheFormatName) {
  const { device } = yield* OnnxRuntime
  const known = Object.keys(cacheFormats) as ReadonlyArray<CacheFormatName> // as: the keys of the table
  const names = known.filter((name) => device === "cpu" || !cacheFormats[name].stepped)
  if (names.includes(cache)) return
  const wanted = `one of ${names.join(", ")}${device === "cpu" ? "" : ` on ${device}`}`
  return yield* new SamplerError({ reason: new RequestInvalid({ option: "cache", found: String(cache), wanted }) })
})

/**
 * What every cache of a decoder works with, until the scope closes.
 *
 * Fails    RuntimeError; SamplerError with RequestInvalid; PlatformError where weights are converted.
 */
export const openParts = Effect.fnUntraced(function* (model: DecoderModel, formats: KeptFormats) {
  const runtime = yield* OnnxRuntime
  const { config, family } = model
  const { cache } = formats
  yield* checkCache(cache)
  const { folder, weights } = yield* keepWeights(model, formats.weights)
  const { widens } = weightFormats[formats.weights]
  const graph = decodeGraph({ family, config, weights, contextLength: config.max_position_embeddings, cache, widens })
  const constants = widens === "once" ? "folded" : "kept"
  const name = `decode ${model.folder}`
  const session = yield* runtime.session({ name, model: serialize(graph), externalFolder: folder, constants })
  const steps = cacheFormats[cache].stepped ? yield* measureSteps(session, config) : []
  const kind: CacheKind = { config, format: cache, steps }
  const [copy, choosing] = [yield* makeCopyTokens(kind), yield* makeChoosing(config)]
  return { config, kind, session, copy, choosing } satisfies DecoderParts
})
