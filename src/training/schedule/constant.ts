import { riseOf, type Schedule } from "./Schedule.ts"

/** Linear warm-up, then the peak. */
export const constant: Schedule = (options) => (step) => {
  const rise = riseOf(options)
  return step < rise ? step / rise : 1
}
