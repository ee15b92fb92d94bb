import type { Pairing } from "./Pairing.ts"
import { ranking } from "./ranking.ts"

/**
 * The response with the largest reward against the one with the smallest.
 *
 * Source   Algorithm 2: the best and the worst of n make the pair.
 */
export const bestWorst: Pairing = (rewards) => {
  const order = ranking(rewards)
  return [{ chosen: order[0] ?? 0, rejected: order.at(-1) ?? 0 }]
}
