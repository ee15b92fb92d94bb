/**
 * The reward r(x, a) as a service: who scores responses is a layer.
 *
 * ```ts
 * const Counting = Reward.layerOf((_, response) => response.split("a").length - 1)
 * ```
 */
export { ModelFailed, ResponseInvalid, ScorerError } from "./errors.ts"
export { Reward, type ScoreRow } from "./Reward.ts"
export { localReward } from "./localReward.ts"
export { encodeSaid, type Said } from "./encodeSaid.ts"
export { logProbabilities, openLogProbabilities } from "./logProbabilities.ts"
export { blockFeeds, type Feed, type Feeds, lastFeeds } from "./blockFeeds.ts"
export { scoreSequences } from "./scoreSequences.ts"
