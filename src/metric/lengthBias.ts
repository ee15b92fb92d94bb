import type { LengthBias } from "../../schemas/mod.ts"
import { key } from "../random/mod.ts"
import { binOf, coefficientEdges, roundEdges } from "./bins.ts"
import { bootstrapMean } from "./bootstrapMean.ts"
import type { LengthCorrelation } from "./correlateLength.ts"
import { mean } from "./mean.ts"

/** How finely coefficients are grouped, and how sure their mean is. */
export interface LengthBiasOptions {
  readonly seed: number
  readonly resamples: number
  readonly level: number
  /** Bins of the coefficient. */
  readonly columns: number
  /** Groups of mean length, at most. */
  readonly rows: number
}

/** What of a summary comes from coefficients alone. */
export type Summary = Omit<LengthBias, "unit" | "lengthPenalty" | "prompts" | "responses" | "none">

/**
 * The coefficients of all prompts as a mean, and as counts by coefficient and mean length.
 *
 * Source   Fig. 3: coefficients along x, prompts grouped by the mean length of their responses along y.
 * Domain   At least one coefficient.
 */
export const lengthBias = (found: ReadonlyArray<LengthCorrelation>, options: LengthBiasOptions): Summary => {
  const { columns, level, resamples, rows, seed } = options
  const coefficients = found.map(({ coefficient }) => coefficient)
  const edges = coefficientEdges(columns)
  const longest = found.reduce((most, { meanLength }) => Math.max(most, meanLength), 0)
  const lengthEdges = roundEdges(longest, rows)
  const members = lengthEdges.slice(1).map((): Array<number> => [])
  for (const { coefficient, meanLength } of found) members[binOf(lengthEdges, meanLength)]?.push(coefficient)
  return {
    coefficients: found.length,
    ...bootstrapMean(coefficients, { key: key(seed, "lengthBias"), resamples, level }),
    level,
    resamples,
    seed,
    positive: coefficients.filter((r) => r > 0).length,
    negative: coefficients.filter((r) => r < 0).length,
    edges,
    groups: members.map((group, i) => ({
      from: lengthEdges[i] ?? 0,
      to: lengthEdges[i + 1] ?? 0,
      prompts: group.length,
      ...(group.length === 0 ? {} : { mean: mean(group) })
    })),
    counts: members.map((group) => {
      const counts = edges.slice(1).map(() => 0)
      for (const r of group) counts[binOf(edges, r)] = (counts[binOf(edges, r)] ?? 0) + 1
      return counts
    })
  }
}
