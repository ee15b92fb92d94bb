import type { OpenAiSampler } from "../../sampler/mod.ts"

/** Of the settings of a server, those that its answers depend on: patience and the key are left out. */
export const drawSettings = ({ extensions, extra, model, reasoning, samples, tokenIds, url }: OpenAiSampler) => ({
  extensions,
  extra,
  model,
  reasoning,
  samples,
  tokenIds,
  url
})
