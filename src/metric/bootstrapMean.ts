import { type Key, key as keyOf, uniform } from "../random/mod.ts"
import { mean } from "./mean.ts"
import { quantile } from "./quantile.ts"

/** A mean, and the interval in which a new sample's mean is expected. */
export interface Interval {
  readonly mean: number
  readonly low: number
  readonly high: number
}

/**
 * The mean of numbers with its bootstrap interval: the middle `level` of the means of samples drawn with replacement.
 *
 * Source   The percentile interval of Efron and Tibshirani, "An Introduction to the Bootstrap" (1993), chapter 13.
 * Domain   At least one number; the draws are a pure function of `key`.
 */
export const bootstrapMean = (
  numbers: ReadonlyArray<number>,
  options: { readonly key: Key; readonly resamples: number; readonly level: number }
): Interval => {
  const { level, resamples } = options
  const count = numbers.length
  const means = Float64Array.from({ length: resamples }, (_, sample) => {
    const key = keyOf(...options.key, sample)
    let sum = 0
    for (let i = 0; i < count; i++) sum += numbers[Math.floor(uniform(key, i) * count)] ?? Number.NaN
    return sum / count
  }).sort()
  return {
    mean: mean(numbers),
    low: quantile(means, (1 - level) / 2),
    high: quantile(means, (1 + level) / 2)
  }
}
