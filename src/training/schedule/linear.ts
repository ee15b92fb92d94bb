import { riseOf, type Schedule } from "./Schedule.ts"

/** Linear warm-up, then a straight line down to zero. */
export const linear: Schedule = (options) => (step) => {
  const rise = riseOf(options)
  return step < rise ? step / rise : (options.total - step) / Math.max(1, options.total - rise)
}
