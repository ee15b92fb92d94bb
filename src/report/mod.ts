/**
 * Reports on the files of a run, as data and as pictures.
 *
 * ```ts
 * const bias = yield* measureLengthBias("runs/first/iteration-1/2-score.arrow", {
 *   unit: "characters", seed: 0, resamples: 2000, level: 0.95, columns: 20, rows: 12
 * })
 * const svg = lengthBiasSvg(bias, "Length and reward")
 * ```
 */
export { CoefficientsMissing, ReportError, RewardsDiffer } from "./errors.ts"
export { lengthBiasSvg } from "./lengthBiasSvg.ts"
export { measureLengthBias } from "./measureLengthBias.ts"
export { formatStatistics } from "./statistics/formatStatistics.ts"
export { measureStatistics, type StatisticsOptions } from "./statistics/measureStatistics.ts"
export { statisticsHtml } from "./statistics/statisticsHtml.ts"
export { statisticsMarkdown } from "./statistics/statisticsMarkdown.ts"
export { statisticsTable, type TextTable } from "./statistics/statisticsTable.ts"
export { statisticsSvg } from "./statistics/statisticsSvg.ts"
export { writeStatistics } from "./statistics/writeStatistics.ts"
export { writeLengthBias } from "./writeLengthBias.ts"
