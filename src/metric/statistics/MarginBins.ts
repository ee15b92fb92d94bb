/** Bins on each side of 0. */
const side = 16
/** The narrowest bin: 2⁻²⁰. */
const narrowest = 2 ** -20

/**
 * A histogram of numbers on both sides of 0 whose bins grow: their width is the least power of two from 2⁻²⁰ that holds the
 * largest number within 16 bins, whatever the order in which numbers come.
 *
 * Domain   Finite numbers; memory is constant. The mean is a sum in float64 over the count.
 */
export class MarginBins {
  private width = narrowest
  private counts = new Float64Array(2 * side)
  rows = 0
  private sum = 0
  private min = Number.POSITIVE_INFINITY
  private max = Number.NEGATIVE_INFINITY

  add(x: number): void {
    while (!this.holds(x)) this.widen()
    const bin = Math.floor(x / this.width) + side
    this.counts[bin] = (this.counts[bin] ?? 0) + 1
    this.rows++
    this.sum += x
    this.min = Math.min(this.min, x)
    this.max = Math.max(this.max, x)
  }

  addAll(other: MarginBins): void {
    while (this.width < other.width) this.widen()
    for (const [bin, times] of other.counts.entries()) {
      const place = Math.floor(((bin - side) * other.width) / this.width) + side
      this.counts[place] = (this.counts[place] ?? 0) + times
    }
    this.rows += other.rows
    this.sum += other.sum
    this.min = Math.min(this.min, other.min)
    this.max = Math.max(this.max, other.max)
  }

  private holds(x: number): boolean {
    return x >= -side * this.width && x < side * this.width
  }

  /** Two neighbours become one. */
  private widen(): void {
    const wide = new Float64Array(2 * side)
    for (const [bin, times] of this.counts.entries()) {
      const place = Math.floor((bin - side) / 2) + side
      wide[place] = (wide[place] ?? 0) + times
    }
    this.counts = wide
    this.width *= 2
  }

  /** Mean, ends, and the bins from the first that is not empty to the last; there is at least one number. */
  summary() {
    const { max, min, rows, sum, width } = this
    const first = Math.floor(min / width) + side
    const end = Math.floor(max / width) + side + 1
    const edges = Array.from({ length: end - first + 1 }, (_, i) => (first + i - side) * width)
    return {
      mean: sum / rows,
      min,
      max,
      histogram: { edges, counts: [...this.counts.subarray(first, end)], beyond: 0 }
    }
  }
}
