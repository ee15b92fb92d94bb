/**
 * What flows: one record per file, and the units of their numbers.
 *
 * @example
 * ```ts
 * import { Schema } from "effect"
 * import { Prompt } from "./schemas/mod.ts"
 *
 * Schema.decodeUnknownSync(Prompt)({ promptId: "1", messages: [{ role: "user", content: "What is 2+2?" }] })
 * ```
 */
export { Audit } from "./Audit.ts"
export { CacheFormatName } from "./CacheFormatName.ts"
export { Candidates } from "./Candidates.ts"
export { Checkpoint } from "./Checkpoint.ts"
export { Comparison } from "./Comparison.ts"
export { type DataGroup, DatasetStatistics, type Histogram } from "./DatasetStatistics.ts"
export { Demonstration } from "./Demonstration.ts"
export { defaulted, optional, required } from "./key.ts"
export { firstProblem, type Problem } from "./firstProblem.ts"
export { FormatName } from "./FormatName.ts"
export { Judged } from "./Judged.ts"
export { Judgement } from "./Judgement.ts"
export { LearnedTurns } from "./LearnedTurns.ts"
export { LengthBias } from "./LengthBias.ts"
export { LengthPolicy } from "./LengthPolicy.ts"
export { Message } from "./Message.ts"
export { Metrics } from "./Metrics.ts"
export { oneOf, type OneOf } from "./oneOf.ts"
export { Pair } from "./Pair.ts"
export { Preference } from "./Preference.ts"
export { Prompt } from "./Prompt.ts"
export { PromptMap } from "./PromptMap.ts"
export { Response } from "./Response.ts"
export { Scored } from "./Scored.ts"
export * from "./units.ts"
export { WeightFormatName } from "./WeightFormatName.ts"
