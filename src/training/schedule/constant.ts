import { type Schedule, warmupSteps } from "./Schedule.ts"

/** Linear warm-up, then the peak. */
export const constant: Schedule = (options) => (step) => {
  const rise = warmupSteps(options)
  return step < rise ? step / rise : 1
}
