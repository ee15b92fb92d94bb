import { Effect, Layer, Path, Result } from "effect"
import { openShape } from "../../checkpoint/mod.ts"
import { httpClient } from "../../remote/mod.ts"
import { type EncodePrompt, openAiPolicy, type Policy, PromptInvalid, SamplerError } from "../../sampler/mod.ts"
import { encodePrompt } from "../../text/mod.ts"
import type { PipelineFile } from "../file/PipelineFile.ts"
import { hashValue } from "../store/hash.ts"
import { Trainers } from "../Trainers.ts"
import { drawSettings } from "./drawSettings.ts"
import type { Version } from "./Version.ts"

/** Who draws the responses of an iteration: the layer that answers, and the hash of what made it. */
export interface SamplerVersion {
  readonly hash: string
  readonly layer: Layer.Layer<Policy>
}

/** Prompts as the policy's own template and tokenizer write them. */
const encoderOf = Effect.fnUntraced(function* (folder: string) {
  const { config, tokenizer } = yield* openShape(folder)
  const contextLength = config.max_position_embeddings
  const encode: EncodePrompt = ({ messages, promptId }) =>
    Result.mapBoth(encodePrompt(tokenizer, messages, { contextLength }), {
      onFailure: (cause) => new SamplerError({ reason: new PromptInvalid({ promptId, cause }) }),
      onSuccess: (ids) => Array.from(ids)
    })
  return encode
})

/** πₜ as the sample stage asks it: the folder of the policy, here, or a server. */
export const samplerOf = Effect.fnUntraced(function* (
  { batchSizes, decode, sampler }: PipelineFile,
  policy: Pick<Version, "folder" | "hash">
) {
  const trainers = yield* Trainers
  const { resolve } = yield* Path.Path
  if (sampler === undefined) {
    const layer = trainers.policy(policy.folder, { batchSize: batchSizes.sample, ...decode })
    const { cacheMemory: _, ...formats } = decode
    const rounded = Object.entries(formats).filter(([, format]) => format !== "float32")
    const hash = rounded.length === 0 ? policy.hash : hashValue({ policy: policy.hash, ...Object.fromEntries(rounded) })
    return { hash, layer } satisfies SamplerVersion
  }
  const { endpoint, weights } = sampler.openAi
  const model = {
    ...(endpoint === "completions" ? { encode: yield* encoderOf(policy.folder) } : {}),
    ...(weights === "updateFromDisk" ? { weights: resolve(policy.folder) } : {})
  }
  return {
    hash: hashValue({ policy: policy.hash, endpoint, weights, ...drawSettings(sampler.openAi) }),
    layer: Layer.provide(openAiPolicy(sampler.openAi, model), httpClient)
  } satisfies SamplerVersion
})
