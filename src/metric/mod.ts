/**
 * Numbers that sum up what was found: plain functions of numbers and labels.
 *
 * ```ts
 * pearson([1, 2, 3], [0.1, 0.5, 0.3]) // 0.5
 * cohenKappa(["yes", "no"], ["yes", "yes"]) // { observed: 0.5, expected: 0.5, kappa: 0 }
 * ```
 */
export { binOf, coefficientEdges, roundEdges } from "./bins.ts"
export { bootstrapMean, type Interval } from "./bootstrapMean.ts"
export { type Agreement, cohenKappa } from "./cohenKappa.ts"
export { ClusterCounts, type ClusterShare } from "./ClusterCounts.ts"
export {
  correlateLength,
  type LengthCorrelation,
  lengthsOf,
  type LengthUnit,
  type Uncorrelated
} from "./correlateLength.ts"
export { countCharacters } from "./countCharacters.ts"
export { fleissKappa } from "./fleissKappa.ts"
export { lengthBias, type LengthBiasOptions } from "./lengthBias.ts"
export { mean } from "./mean.ts"
export { pearson } from "./pearson.ts"
export { quantile } from "./quantile.ts"
export type { DataRow } from "./statistics/DataTally.ts"
export { type FlipRate, noiseEstimates } from "./statistics/flipRate.ts"
export { GroupedTally, type TallyOptions } from "./statistics/GroupedTally.ts"
export { LengthCounts } from "./statistics/LengthCounts.ts"
export { MarginBins } from "./statistics/MarginBins.ts"
export { present } from "./statistics/present.ts"
export { type Contradictions, type HashedPairs, repeatedLabels } from "./statistics/repeatedLabels.ts"
export { type ShareInterval, wilson } from "./wilson.ts"
