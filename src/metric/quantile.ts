/**
 * The number below which the share `p` of sorted numbers lies, on the straight line between its two neighbours.
 *
 * Source   Definition 7 of Hyndman and Fan, "Sample quantiles in statistical packages" (1996).
 * Domain   At least one number, in ascending order; 0 ≤ p ≤ 1.
 */
export const quantile = (sorted: ArrayLike<number>, p: number): number => {
  const place = p * (sorted.length - 1)
  const below = Math.floor(place)
  const [low = Number.NaN, high = low] = [sorted[below], sorted[below + 1]]
  return low + (place - below) * (high - low)
}
