import { mean } from "./mean.ts"

/** How far each number lies from the mean, as a part of the largest distance; undefined where all are equal. */
const deviations = (numbers: ReadonlyArray<number>): ReadonlyArray<number> | undefined => {
  if (numbers.every((x) => x === numbers[0])) return undefined
  const centre = mean(numbers)
  const apart = numbers.map((x) => x - centre)
  const largest = apart.reduce((most, d) => Math.max(most, Math.abs(d)), 0)
  return apart.map((d) => d / largest) // a scale of 1: squares neither vanish nor overflow
}

const product = (a: ReadonlyArray<number>, b: ReadonlyArray<number>): number =>
  a.reduce((sum, x, i) => sum + x * (b[i] ?? Number.NaN), 0)

/**
 * Pearson's coefficient: the covariance of x and y over both standard deviations.
 *
 * Source   r = Σ(x − x̄)(y − ȳ) / √(Σ(x − x̄)² · Σ(y − ȳ)²)
 * Domain   Finite numbers, as many in x as in y; −1 ≤ r ≤ 1; undefined where all of x or all of y are equal, or nothing is there.
 */
export const pearson = (x: ReadonlyArray<number>, y: ReadonlyArray<number>): number | undefined => {
  const a = deviations(x)
  const b = deviations(y)
  if (a === undefined || b === undefined) return undefined
  return Math.max(-1, Math.min(1, product(a, b) / Math.sqrt(product(a, a) * product(b, b)))) // rounding can pass 1
}
