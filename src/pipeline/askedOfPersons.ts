import { costOfRow } from "./costOfRow.ts"
import type { CompiledPipeline, CompiledStage } from "./file/compile.ts"

/**
 * What each annotator is asked, at most.
 *
 * Units    comparisons of one annotator; `byTournament` in an iteration if the ranking were knock-out, where that is fewer.
 */
export interface AskedOfPersons {
  readonly annotators: ReadonlyArray<string>
  readonly perIteration: number
  readonly total: number
  readonly byTournament: number | undefined
}

const knockOut = (stage: CompiledStage): CompiledStage =>
  stage.step.judge === undefined ? stage : { ...stage, step: { judge: { ranking: "tournament" } } }

/**
 * What persons are asked by a pipeline whose preference they are.
 *
 * Domain   A pair is asked once, however often it is compared: of n responses at most n(n − 1)/2, and of those a tournament
 *          asks 2n − 3 and the final.
 */
export const askedOfPersons = ({
  file,
  stages
}: Pick<CompiledPipeline, "file" | "stages">): AskedOfPersons | undefined => {
  const { preference } = file.models
  if (typeof preference === "string" || preference.person === undefined) return undefined
  const { annotators } = preference.person
  const perIteration = file.prompts.perIteration * costOfRow(stages).distinct
  const fewest = file.prompts.perIteration * costOfRow(stages.map(knockOut)).distinct
  const byTournament = fewest < perIteration ? fewest : undefined
  return { annotators, perIteration, total: perIteration * file.iterations, byTournament }
}
