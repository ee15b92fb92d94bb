/**
 * How long the rate rises, and how far a schedule goes.
 *
 * Units    `warmup` a share of `total`; `warmupSteps`, which is taken where both are there, and `total` in optimizer
 *          steps; `minimumRatio` a share of the peak.
 * Domain   0 ≤ warmup < 1, 0 ≤ warmupSteps, 0 ≤ minimumRatio ≤ 1; each is 0 where it is absent.
 */
export interface ScheduleOptions {
  readonly warmup?: number
  readonly warmupSteps?: number
  /** The share at which the cosine ends; the other schedules do not read it. */
  readonly minimumRatio?: number
}

/**
 * Learning rate of a step as a share of its peak.
 *
 * Units    `step` and `total` in optimizer steps.
 * Domain   0 ≤ step < total.
 */
export type Schedule = (options: ScheduleOptions & { readonly total: number }) => (step: number) => number

/** Number of warm-up steps; a ratio is rounded up as transformers does. */
export const riseOf = (options: ScheduleOptions & { readonly total: number }): number =>
  options.warmupSteps ?? Math.ceil((options.warmup ?? 0) * options.total)
