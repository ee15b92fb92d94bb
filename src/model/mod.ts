/**
 * Model families as ONNX graphs: one definition gives the decode, scoring and training graphs.
 *
 * ```ts
 * const family = models[config.model_type]
 * const graph = logProbabilityGraph({ family, config, contextLength: 512 }, weights)
 * ```
 */
import type { configRules } from "./config/configRules.ts"
import type { Family } from "./Family.ts"
import { gemma2 } from "./gemma2.ts"
import { llama } from "./llama.ts"
import { mistral } from "./mistral.ts"
import { phi3 } from "./phi3.ts"
import { qwen2 } from "./qwen2.ts"
import { qwen3 } from "./qwen3.ts"

/** Every model family by the `model_type` of its `config.json`. */
export const models = { llama, mistral, qwen2, qwen3, gemma2, phi3 } satisfies Record<keyof typeof configRules, Family>

export { type CacheFormat, cacheFormats } from "./cacheFormats.ts"
export { cacheNames, stepNames } from "./cachedAttention.ts"
export { chooseGraph } from "./chooseGraph.ts"
export { causalGraph } from "./causalGraph.ts"
export { concatenatedNames } from "./concatenatedAttention.ts"
export { decodeGraph } from "./decodeGraph.ts"
export { mostLikely } from "./drawToken.ts"
export { ModelError } from "./errors.ts"
export { attentionMask, placeInputs, prefixInputs } from "./attentionMask.ts"
export {
  type Attend,
  type AttendOptions,
  type Family,
  type FamilyContext,
  layerPrefix,
  type Linear,
  type Parameter,
  type ParameterOf
} from "./Family.ts"
export { layoutSheet, type Sheet } from "./layoutSheet.ts"
export { type Band, layoutStrip, longestRow, measureStrip, rowParts, type Strip } from "./layoutStrip.ts"
export { membership } from "./membership.ts"
export type { Placement } from "./Placement.ts"
export { blockProduct } from "./blockLinear.ts"
export { plainLinear } from "./linear.ts"
export { isLora, type Lora, loraLinear, loraNames, loraParameters, loraScale, loraTargets } from "./lora.ts"
export { packedAttention } from "./packedAttention.ts"
export { isLearned, learnedCount, type Sequence } from "./Sequence.ts"
export { packTrees } from "./packTrees.ts"
export { sharesPrompt, treeOf, treesOf, treeShape, type TreeShape } from "./Tree.ts"
export {
  answerHead,
  embedding,
  languageHead,
  languageHeadParameters,
  logProbabilitiesOf,
  spreadOf
} from "./languageHead.ts"
export { type ModelConfig, rotaryWidth } from "./ModelConfig.ts"
export { readConfig } from "./config/readConfig.ts"
export { rewardHead, rewardHeadParameters } from "./rewardHead.ts"
export { rotary } from "./rotary.ts"
export {
  logOddsGraph,
  logProbabilityGraph,
  responseLogProbability,
  rewardGraph,
  selectedHidden,
  type SequenceModel,
  sumPerSequence
} from "./sequenceGraph.ts"
export { type StoredWeight, storedWeights } from "./storedWeights.ts"
export { type Blocks, blockSize, quantizeBlocks } from "./quantizeBlocks.ts"
export { type MadeWeight, type NamedWeight, type WeightFormat, weightFormats } from "./weightFormats.ts"
export { tilingNames } from "./tiledAttention.ts"
export { tokenLogProbabilityGraph } from "./tokenLogProbabilityGraph.ts"
