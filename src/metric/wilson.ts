/** A share of a number of things, and the interval in which the true share is expected. */
export interface ShareInterval {
  readonly count: number
  readonly of: number
  readonly share: number
  readonly low: number
  readonly high: number
}

/** Where the middle 95 % of a standard normal number end. */
const z = 1.959963984540054

const clip = (x: number): number => Math.min(1, Math.max(0, x))

/**
 * The share `count / of` with its 95 % score interval.
 *
 * Source   Wilson, "Probable inference, the law of succession, and statistical inference" (1927):
 *          (p + z²/2n ± z·√(p(1 − p)/n + z²/4n²)) / (1 + z²/n)
 * Domain   0 ≤ count ≤ of, of ≥ 1. The things are taken to be independent: for several pairs of one prompt it is too narrow.
 */
export const wilson = (count: number, of: number): ShareInterval => {
  const share = count / of
  const centre = share + (z * z) / (2 * of)
  const half = z * Math.sqrt((share * (1 - share)) / of + (z * z) / (4 * of * of))
  const scale = 1 + (z * z) / of
  return { count, of, share, low: clip((centre - half) / scale), high: clip((centre + half) / scale) }
}
