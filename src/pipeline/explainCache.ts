import type { CacheFormatName } from "../../schemas/mod.ts"
import type { ModelConfig } from "../model/mod.ts"
import { cacheBytesPerToken, longestRow, planCache } from "../sampler/mod.ts"
import type { PipelineFile } from "./file/PipelineFile.ts"

/** Memory of keys and values while responses are drawn. */
export interface CacheMemory {
  readonly format: CacheFormatName
  /** Units: bytes. */
  readonly perToken: number
  /** Responses that grow together where all are as long as may be, and how long that is. Units: tokens. */
  readonly slots: number
  readonly longest: number
  /** What they take together. Units: bytes. */
  readonly most: number
}

/** Predicts the memory of keys and values in the sample stage; none where a server draws. */
export const explainCache = (file: PipelineFile, config: ModelConfig): CacheMemory | undefined => {
  if (file.sampler !== undefined) return undefined
  const { cache: format, cacheMemory: memory } = file.decode
  const perToken = cacheBytesPerToken(config, format)
  const contextLength = config.max_position_embeddings
  const plan = { bytesPerToken: perToken, slots: file.batchSizes.sample, memory, contextLength }
  const { length, slots } = planCache(plan, [longestRow(plan)])
  return { format, perToken, slots, longest: length, most: slots * length * perToken }
}
