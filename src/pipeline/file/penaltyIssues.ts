import type { Issue } from "../errors.ts"
import type { WrittenPipeline } from "./readPipeline.ts"

/** A pair stage that takes off, or undoes, a length penalty which an earlier score stage has taken off for good. */
export const penaltyIssues = ({ at, file }: WrittenPipeline): ReadonlyArray<Issue> => {
  const scored = file.stages.findIndex(({ score }) => score !== undefined && score.lengthPenalty > 0)
  if (scored < 0) return []
  const stage = `stage ${scored + 1} "score" takes a length penalty off already`
  return file.stages.flatMap(({ pair }, i) => {
    const key = pair?.legacyOrder ? "legacyOrder" : "lengthPenalty"
    if (i < scored || pair === undefined || (pair.lengthPenalty === 0 && !pair.legacyOrder)) return []
    const wanted = "wanted it in the pair stage alone: score: { lengthPenalty: 0 }"
    return [{ at: at(["stages", i, "pair", key]), key: `stages.${i}.pair.${key}`, detail: `${stage}, ${wanted}` }]
  })
}
