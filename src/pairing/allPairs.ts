import type { Pairing } from "./Pairing.ts"
import { ranking } from "./ranking.ts"

/** Every two responses, the one with the larger reward against the other: n(n − 1)/2 pairs of n. */
export const allPairs: Pairing = (rewards) => {
  const order = ranking(rewards)
  return order.flatMap((chosen, place) => order.slice(place + 1).map((rejected) => ({ chosen, rejected })))
}
