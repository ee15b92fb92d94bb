/**
 * prefloop: online iterative RLHF as typed streams.
 *
 * ```ts
 * const pairs = prompts.pipe(
 *   sample({ temperatures: [1, 0.7], perTemperature: 4, maxNewTokens: 64 }),
 *   score({ lengthPenalty: 0.001 }),
 *   pair({ rule: "bestWorst" })
 * )
 * ```
 */
export * from "../schemas/mod.ts"
export {
  type Batch,
  fromRows,
  readArrow,
  readJsonLines,
  readRecords,
  writeArrow,
  writeJsonLines,
  writeParquet
} from "./arrow/mod.ts"
export { initialize, openCheckpoint, openSource, writeCheckpoint } from "./checkpoint/mod.ts"
export { DatasetCard, exportDataset, resolveFolder } from "./dataset/mod.ts"
export { type Encoder, openEncoder } from "./embedding/mod.ts"
export { exportModel, exports, planExport } from "./export/mod.ts"
export { differentiate, type Graph, Ops, serialize, type Value, verifyAliases } from "./graph/mod.ts"
export { datasetFiles, type HubDataset } from "./hub/mod.ts"
export {
  JudgeReport,
  judgePrompts,
  llmJudge,
  localPreference,
  Preference as PreferenceOracle,
  rankCandidates,
  rankings,
  remotePreference
} from "./judge/mod.ts"
export { annotatorAgreement, majority, personPreference, type PersonOptions } from "./judge/person/mod.ts"
export { cohenKappa, fleissKappa, lengthBias, pearson } from "./metric/mod.ts"
export {
  checkTraining,
  iterate,
  liveTrainers,
  readPipeline,
  readTrainFile,
  runPipeline,
  RunStore,
  trainAlone,
  Trainers
} from "./pipeline/mod.ts"
export { makePromptMap, promptMapPage, promptMapSvg, writePromptMap } from "./report/promptMap/mod.ts"
export {
  formatStatistics,
  lengthBiasSvg,
  measureLengthBias,
  measureStatistics,
  statisticsMarkdown,
  statisticsSvg
} from "./report/mod.ts"
export { AnswerReport, type Device, OnnxRuntime } from "./runtime/mod.ts"
export { httpClient } from "./remote/mod.ts"
export { localPolicy, openAiPolicy, Policy, ReferencePolicy, UsageReport } from "./sampler/mod.ts"
export { cachedReward, ensembleReward, localReward, remoteReward, Reward } from "./scorer/mod.ts"
export { filter, judge, pair, sample, sampleReference, score, stages } from "./stage/mod.ts"
export { stageLaws } from "./stage/laws/mod.ts"
export { type MetricsSink, openSinks, sinks } from "./telemetry/mod.ts"
export { train, type TrainRequest } from "./training/mod.ts"
