import { riseOf, type Schedule } from "./Schedule.ts"

/**
 * Linear warm-up, then half a cosine down to `minimumRatio` of the peak.
 *
 * Source   Section 3.3: warm-up ratio 0.03, down to zero; the step count follows transformers, whose first warm-up step
 *          has rate zero.
 */
export const cosine: Schedule = (options) => (step) => {
  const rise = riseOf(options)
  if (step < rise) return step / rise
  const least = options.minimumRatio ?? 0
  const share = 0.5 * (1 + Math.cos((Math.PI * (step - rise)) / Math.max(1, options.total - rise)))
  return least + (1 - least) * share
}
