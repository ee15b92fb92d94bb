import type { Comparison, Prompt } from "../../../schemas/mod.ts"
import type { Reading } from "./Source.ts"

/** A response and what it was given; one without a score is compared with none. */
export interface ScoredResponse {
  readonly response: string
  readonly score: number | undefined
}

/** What all comparisons of a prompt share. */
export type Shared = Prompt & Pick<Comparison, "annotator" | "dataset" | "source">

const pairsOf = (length: number): ReadonlyArray<readonly [number, number]> => {
  const indices = Array.from({ length }, (_, i) => i)
  return indices.flatMap((a) => indices.slice(a + 1).map((b) => [a, b] as const))
}

/**
 * All comparisons of K scored responses, the better one chosen: K (K − 1) / 2 less those of equal scores.
 *
 * Source   Table 5: all possible comparisons, except those with the same score.
 * Units    `dropped` counts comparisons: `ties` of equal scores, `unscored` of a response without a score.
 * Domain   a record is called `<promptId>#i>j`: response i is preferred to response j, both counted from 0.
 */
export const comparisons = (shared: Shared, responses: ReadonlyArray<ScoredResponse>): Reading<Comparison> => {
  const records: Array<Comparison> = []
  let [ties, unscored] = [0, 0]
  for (const [a, b] of pairsOf(responses.length)) {
    const [first, second] = [responses[a]?.score, responses[b]?.score]
    if (first === undefined || second === undefined) unscored++
    else if (first === second) ties++
    else {
      const [i, j] = first > second ? [a, b] : [b, a]
      const [chosenScore, rejectedScore] = [Math.max(first, second), Math.min(first, second)]
      records.push({
        ...shared,
        promptId: `${shared.promptId}#${i}>${j}`,
        chosen: responses[i]?.response ?? "",
        rejected: responses[j]?.response ?? "",
        margin: chosenScore - rejectedScore,
        chosenScore,
        rejectedScore
      })
    }
  }
  return { records, dropped: { ...(ties > 0 ? { ties } : {}), ...(unscored > 0 ? { unscored } : {}) } }
}
