/**
 * The reward r(x, a) as a service: who scores responses is a layer.
 *
 * ```ts
 * const Counting = Reward.layerOf((_, response) => response.split("a").length - 1)
 * const both = ensembleReward([Counting, localReward("runs/reward", { batchSize: 32 })], "worst")
 * const quick = Layer.provide(cachedReward({ capacity: 10_000 }), both)
 * ```
 */
export { cachedReward } from "./cachedReward.ts"
export { combinations } from "./combinations.ts"
export { ensembleReward } from "./ensembleReward.ts"
export { ModelFailed, ResponseInvalid, RewardInvalid, ScorerError } from "./errors.ts"
export { Reward, type ScoreRow } from "./Reward.ts"
export { remoteReward } from "./remoteReward.ts"
export { remoteModelKeys, RemoteScorer } from "./RemoteScorer.ts"
export { localReward } from "./localReward.ts"
export { encodeSaid, type Said } from "./encodeSaid.ts"
export { logProbabilities, openLogProbabilities } from "./logProbabilities.ts"
export { type Feed, type Feeds, sheetFeeds } from "./sheetFeeds.ts"
export { scoreSequences } from "./scoreSequences.ts"
