/**
 * The chance ½ + d, such that the chances at d and −d add up to 1 without a rounding error.
 *
 * Domain   −½ ≤ d ≤ ½
 */
export const evenly = (d: number): number => (d < 0 ? 1 - (0.5 - d) : 0.5 + d) // 1 − p is exact where p ≥ ½

/** σ(z), such that σ(z) + σ(−z) = 1 without a rounding error. */
export const logistic = (z: number): number => (z < 0 ? 1 - logistic(-z) : 1 / (1 + Math.exp(-z)))

/**
 * The chance that the first of two responses is better, of a model asked in both orders.
 *
 * Source   Section 2.1: the softmax over the two letters, averaged over both orders: ½[p_A(a¹, a²) + p_B(a², a¹)].
 * Units    log P(A)/P(B) in nats, with the first response shown as A, and shown as B.
 */
export const inBothOrders = (shownAsA: number, shownAsB: number): number =>
  evenly((logistic(shownAsA) - logistic(shownAsB)) / 2)
