/**
 * The preference P(a¹ ≻ a² | x) as a service: who compares responses is a layer.
 *
 * ```ts
 * const Longer = Preference.layerOf(({ first, second }) => (first.length > second.length ? 1 : 0))
 * const best = rankCandidates(rankings.tournament)(rows).pipe(Effect.provide(Longer))
 * ```
 */
export {
  ChanceInvalid,
  JudgeError,
  ModelFailed,
  PersonsFailed,
  PolicyFailed,
  QuestionInvalid,
  RewardFailed
} from "./errors.ts"
export { inBothOrders, logistic } from "./chance.ts"
export { type JudgeCount, JudgeReport } from "./JudgeReport.ts"
export { llmJudge, llmJudgeKeys } from "./llmJudge.ts"
export { localPreference } from "./localPreference.ts"
export type { Match, Ranking, Referee } from "./Match.ts"
export { type Comparison, Preference } from "./Preference.ts"
export { parseVerdict, type Verdict } from "./parseVerdict.ts"
export type { JudgePrompt } from "./prompt/JudgePrompt.ts"
export { judgePrompts } from "./prompt/judgePrompts.ts"
export { remotePreference } from "./remotePreference.ts"
export { rankCandidates } from "./rankCandidates.ts"
export { matchCounts } from "./matchCounts.ts"
export { rankings } from "./rankings.ts"
export { roundRobin } from "./roundRobin.ts"
export { tournament } from "./tournament.ts"
