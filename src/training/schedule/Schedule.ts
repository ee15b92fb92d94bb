/**
 * Learning rate of a step as a share of its peak.
 *
 * Units    `step` and `total` in optimizer steps; `warmup` a share of `total`.
 * Domain   0 ≤ step < total, 0 ≤ warmup < 1.
 */
export type Schedule = (options: { readonly warmup: number; readonly total: number }) => (step: number) => number

/** Number of warm-up steps, rounded up as transformers does. */
export const warmupSteps = (options: { readonly warmup: number; readonly total: number }): number =>
  Math.ceil(options.warmup * options.total)
