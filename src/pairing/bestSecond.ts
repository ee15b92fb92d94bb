import type { Pairing } from "./Pairing.ts"
import { ranking } from "./ranking.ts"

/** The response with the largest reward against the next largest: the hardest pair. */
export const bestSecond: Pairing = (rewards) => {
  const order = ranking(rewards)
  return [{ chosen: order[0] ?? 0, rejected: order[1] ?? 0 }]
}
