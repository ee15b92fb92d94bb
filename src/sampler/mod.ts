/**
 * The policy πₜ as a service: who answers prompts is a layer; and below it `Rollout`, which answers requests one by one as
 * streams while they share the steps of one model.
 *
 * ```ts
 * const { sample } = yield* Policy
 * const rows = yield* sample({ prompts, temperatures: [1, 0.7], perTemperature: 4, maxNewTokens: 64, seed: 0, iteration: 1 })
 *
 * const { stream, tokenizer } = yield* Rollout
 * const ids = tokenizer.encode("Once upon a time")
 * yield* stream({ ids, key: key(0), temperature: 0.7, topP: 0.9, stop: ["\n\n"], maxNewTokens: 64 }).pipe(
 *   Stream.runForEach(({ text }) => Console.log(text))
 * )
 *
 * const onServer = openAiPolicy({ url: "http://localhost:8000/v1", model: "tiny", apiKeyVariable: "SERVER_KEY" })
 * const answered = sample(request).pipe(Effect.provide(Layer.provide(onServer, httpClient)))
 * ```
 */
export { CacheTooSmall, ModelFailed, PromptInvalid, PromptTooLong, RequestInvalid, SamplerError } from "./errors.ts"
export { type Choosing, Policy, type SampleRequest } from "./Policy.ts"
export { ReferencePolicy } from "./ReferencePolicy.ts"
export { type Drawn, type Finish, type Piece, Rollout, type RolloutRequest } from "./Rollout.ts"
export type { Listener, Row } from "./decoder/Row.ts"
export { type Decoder, type DecoderOptions, openDecoder } from "./decoder/openDecoder.ts"
export { type DecoderModel, type KeptFormats, openParts } from "./decoder/openParts.ts"
export { allocateCache, cacheBindings, cacheBytesPerToken } from "./decoder/Cache.ts"
export { longestRow, planCache } from "./decoder/planCache.ts"
export { type KeptWeights, keepWeights } from "./decoder/keepWeights.ts"
export { localPolicy, rolloutChunkTokens, samplePolicy } from "./localPolicy.ts"
export { localRollout, openRollout } from "./localRollout.ts"
export { OpenAiJudge, OpenAiSampler, openAiKeys } from "./openAi/OpenAiSampler.ts"
export type { EncodePrompt } from "./openAi/askSome.ts"
export { type OpenAiModel, openAiPolicy } from "./openAiPolicy.ts"
export { type Usage, UsageReport } from "./UsageReport.ts"
