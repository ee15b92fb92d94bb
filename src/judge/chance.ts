/** σ(z), such that σ(z) + σ(−z) = 1 without a rounding error. */
export const logistic = (z: number): number => (z < 0 ? 1 - logistic(-z) : 1 / (1 + Math.exp(-z)))

/**
 * The chance that the first of two responses is better, by its chance where it is shown first and the other's where that is.
 *
 * Domain   exchanged, the two give a chance that adds up to 1 with this one, without a rounding error: ½ + d and ½ − d are off
 *          by less than 2⁻⁵³ together, on a grid of 2⁻⁵⁴, and half a step beside 1 is rounded to 1.
 */
export const average = (shownFirst: number, otherShownFirst: number): number => 0.5 + (shownFirst - otherShownFirst) / 2

/**
 * The chance that the first of two responses is better, of a model asked in both orders.
 *
 * Source   Section 2.1: the softmax over the two letters, averaged over both orders: ½[p_A(a¹, a²) + p_B(a², a¹)].
 * Units    log P(A)/P(B) in nats, with the first response shown as A, and shown as B.
 */
export const inBothOrders = (shownAsA: number, shownAsB: number): number =>
  average(logistic(shownAsA), logistic(shownAsB))
