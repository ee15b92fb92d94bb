import type { ClusterCounts } from "../ClusterCounts.ts"

/** How often labels are wrong, estimated from `count` of `of` comparisons, of `prompts` prompts, that speak against them. */
export interface FlipRate {
  readonly count: number
  readonly of: number
  readonly prompts: number
  readonly rate: number
  readonly low: number
  readonly high: number
}

/** A share of things that hang together by their prompts, with the interval of a bootstrap of whole prompts; undefined where there are none. */
export const shareOf = (clusters: ClusterCounts) => {
  const found = clusters.share()
  if (found === undefined) return undefined
  const { clusters: prompts, count, high, low, of, share } = found
  return { count, of, prompts, share, low, high }
}

/** The rate of a share that something is seen, and of the ends of its interval; undefined where nothing was compared. */
const estimate =
  (rateOf: (share: number) => number) =>
  (prompts: ClusterCounts): FlipRate | undefined => {
    const found = shareOf(prompts)
    if (found === undefined) return undefined
    const { count, high, low, of, prompts: clusters, share } = found
    return { count, of, prompts: clusters, rate: rateOf(share), low: rateOf(low), high: rateOf(high) }
  }

/**
 * Estimates of ε, the share of labels that are wrong, from what speaks against them; each under its own assumption.
 *
 * - `scores`: of labels whose row has scores that differ, `count` are against the scores. Assumes that the scores are right:
 *   ε = share. It is 0 where the labels were made from these scores and nothing changed them since.
 * - `repeats`: of two labels of the same two responses to one prompt, `count` differ. Assumes that each label was given by
 *   itself (no copies) and is wrong with the same chance: d = 2ε(1 − ε), so ε = (1 − √(1 − 2d))/2.
 * - `cycles`: of three responses to one prompt that were all compared, `count` are a circle a ≻ b ≻ c ≻ a. Assumes a true
 *   order, and labels as above: c = ε(1 − ε), so ε = (1 − √(1 − 4c))/2.
 *
 * Source   One error rate for all labels: Dawid and Skene, "Maximum likelihood estimation of observer error-rates using the
 *          EM algorithm" (1979), with two classes and equal observers. Circular triads, ¼ of all under pure chance: Kendall
 *          and Babington Smith, "On the method of paired comparisons" (1940).
 * Domain   0 ≤ ε ≤ ½ for `repeats` and `cycles`; shares beyond what chance gives are read as ½. Labels of one prompt are not
 *          independent: intervals are those of a bootstrap of whole prompts.
 */
export const noiseEstimates = {
  scores: estimate((share) => share),
  repeats: estimate((differing) => (1 - Math.sqrt(Math.max(0, 1 - 2 * differing))) / 2),
  cycles: estimate((circles) => (1 - Math.sqrt(Math.max(0, 1 - 4 * circles))) / 2)
} as const
