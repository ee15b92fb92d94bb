import type { Histogram } from "../../../schemas/mod.ts"
import { binOf } from "../bins.ts"

/**
 * How often each length occurs: means and quantiles of it are exact.
 *
 * Domain   Whole lengths ≥ 0. Memory is one number for each distinct length, and d distinct lengths need d²/2 characters
 *          of text: 5 GB of texts have less than 100 000.
 */
export class LengthCounts {
  private readonly counts = new Map<number, number>()
  rows = 0
  private sum = 0

  add(length: number, times = 1): void {
    this.counts.set(length, (this.counts.get(length) ?? 0) + times)
    this.rows += times
    this.sum += times * length
  }

  addAll(other: LengthCounts): void {
    for (const [length, times] of other.counts) this.add(length, times)
  }

  /** The least length that at least the share `p` of all does not exceed; there is at least one. */
  quantile(p: number): number {
    const sorted = [...this.counts].toSorted(([a], [b]) => a - b)
    let below = 0
    for (const [length, times] of sorted) {
      below += times
      if (below >= p * this.rows) return length
    }
    return sorted.at(-1)?.[0] ?? 0
  }

  histogram(edges: ReadonlyArray<number>): Histogram {
    const counts = edges.slice(1).map(() => 0)
    const last = edges.at(-1) ?? 0
    let beyond = 0
    for (const [length, times] of this.counts) {
      if (length >= last) beyond += times
      else counts[binOf(edges, length)] = (counts[binOf(edges, length)] ?? 0) + times
    }
    return { edges, counts, beyond }
  }

  /** Mean and quantiles, and a histogram between these edges; undefined where there is no length. */
  summary(edges: ReadonlyArray<number>) {
    if (this.rows === 0) return undefined
    return {
      mean: this.sum / this.rows,
      min: this.quantile(0),
      median: this.quantile(0.5),
      percentile95: this.quantile(0.95),
      max: this.quantile(1),
      histogram: this.histogram(edges)
    }
  }
}
