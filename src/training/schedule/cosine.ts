import { type Schedule, warmupSteps } from "./Schedule.ts"

/**
 * Linear warm-up, then half a cosine down to zero.
 *
 * Source   Section 3.3: warm-up ratio 0.03; the step count follows transformers, whose first warm-up step has rate zero.
 */
export const cosine: Schedule = (options) => (step) => {
  const rise = warmupSteps(options)
  if (step < rise) return step / rise
  return 0.5 * (1 + Math.cos((Math.PI * (step - rise)) / Math.max(1, options.total - rise)))
}
