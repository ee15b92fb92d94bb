/**
 * What is left out of data, and how data sets are put together: filters as declarative rules with counts, near duplicates,
 * contamination, mixtures, splits and shuffles.
 *
 * ```ts
 * const steps = [{ scoreRatio: { minimum: 2 } }, { pairsPerPrompt: { most: 5 } }]
 * rows.pipe(curate(steps, { kind: "comparisons", report: Console.log }))
 * ```
 */
export { curate, type CurateOptions } from "./curate.ts"
export { CurationReport, StepReport } from "./CurationReport.ts"
export {
  CurationError,
  DiskFull,
  FolderRefused,
  NameUnknown,
  ParametersDisagree,
  PatternInvalid,
  RecordInvalid,
  RuleUnfit,
  SharesInvalid,
  SourceUnfit,
  StepsInvalid,
  TokenizerMissing
} from "./errors.ts"
export type { Dropped } from "./openStep.ts"
export { type Kind, kinds, type Row } from "./Row.ts"
export type { BenchmarkItem } from "./contamination/BenchmarkItem.ts"
export type { Resources, Rule, SharedWords } from "./rule/Rule.ts"
export { type RuleName, rules } from "./rule/rules.ts"
export { decodeSteps, Step, Steps, type WrittenStep } from "./Steps.ts"
export { makeNgramIndex, type Overlap } from "./contamination/makeNgramIndex.ts"
export { clusterNear } from "./near/clusterNear.ts"
export { makeNearIndex, type Near, type NearOptions } from "./near/makeNearIndex.ts"
export { mix, type MixOptions, type Source } from "./mixture/mix.ts"
export { shuffle, shuffleBytes, type ShuffleOptions } from "./mixture/shuffle.ts"
export { splitOf, SplitOptions } from "./mixture/splitOf.ts"
