/**
 * The policy πₜ as a service: who answers prompts is a layer.
 *
 * ```ts
 * const { sample } = yield* Policy
 * const rows = yield* sample({ prompts, temperatures: [1, 0.7], perTemperature: 4, maxNewTokens: 64, seed: 0, iteration: 1 })
 *
 * const onServer = openAiPolicy({ url: "http://localhost:8000/v1", model: "tiny", apiKeyVariable: "SERVER_KEY" })
 * const answered = sample(request).pipe(Effect.provide(Layer.provide(onServer, httpClient)))
 * ```
 */
export { ModelFailed, PromptInvalid, PromptTooLong, SamplerError } from "./errors.ts"
export { Policy, type SampleRequest } from "./Policy.ts"
export { type Cache, makeSelectRows } from "./cache.ts"
export { type Decoder, decodeRows, type Row } from "./decodeRows.ts"
export { localPolicy } from "./localPolicy.ts"
export { OpenAiSampler, openAiKeys } from "./openAi/OpenAiSampler.ts"
export type { EncodePrompt } from "./openAi/askSome.ts"
export { type OpenAiModel, openAiPolicy } from "./openAiPolicy.ts"
export { type Usage, UsageReport } from "./UsageReport.ts"
