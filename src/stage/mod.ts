/**
 * Steps of a pipeline: a stream of records in, a stream of records out. A wrong order does not compile.
 *
 * ```ts
 * const pairs = prompts.pipe(
 *   sample({ temperatures: [1, 0.7], perTemperature: 4, maxNewTokens: 64 }),
 *   score({ lengthPenalty: 0.001 }),
 *   pair({ rule: "bestWorst" })
 * )
 * ```
 */
import { filter } from "./filter.ts"
import { judge } from "./judge.ts"
import { pair } from "./pair.ts"
import { sample } from "./sample.ts"
import { sampleReference } from "./sampleReference.ts"
import { score } from "./score.ts"

export { filter, judge, pair, sample, sampleReference, score }
export { AnswerDiffers, StageError } from "./errors.ts"
export { type Cost, makeStage, type Stage, type StageContext, type StageDefinition, type Transform } from "./Stage.ts"
export { type StageCount, StageReport } from "./StageReport.ts"

/** Every stage by its name in a pipeline. */
export const stages = { sample, sampleReference, score, pair, judge, filter } as const
