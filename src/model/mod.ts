/**
 * Model families as ONNX graphs: one definition gives the decode, scoring and training graphs.
 *
 * ```ts
 * const family = models[config.model_type]
 * const graph = logProbabilityGraph({ family, config, contextLength: 512 }, weights)
 * ```
 */
import type { Family } from "./Family.ts"
import { llama } from "./llama.ts"

/** Every model family by the `model_type` of its `config.json`. */
export const models = { llama } satisfies Record<string, Family>

export { cacheNames } from "./cachedAttention.ts"
export { decodeGraph } from "./decodeGraph.ts"
export { ModelError } from "./errors.ts"
export type { Family, Parameter, ParameterOf } from "./Family.ts"
export { languageHeadParameters } from "./languageHead.ts"
export type { ModelConfig } from "./ModelConfig.ts"
export { type Layout, layoutSequences, membership, type Sequence } from "./layoutSequences.ts"
export { readConfig } from "./readConfig.ts"
export { rewardHead, rewardHeadParameters } from "./rewardHead.ts"
export { rotary } from "./rotary.ts"
export {
  logProbabilityGraph,
  responseLogProbability,
  rewardGraph,
  selectedHidden,
  type SequenceModel,
  sumPerSequence
} from "./sequenceGraph.ts"
export { type StoredWeight, storedWeights } from "./storedWeights.ts"
