import { uniform } from "../random/mod.ts"
import type { Pairing } from "./Pairing.ts"
import { ranking } from "./ranking.ts"

/** The response with the largest reward against one of the others, each as likely as the next. */
export const bestRandom: Pairing = (rewards, key) => {
  const order = ranking(rewards)
  const place = 1 + Math.floor(uniform(key, 0) * (order.length - 1))
  return [{ chosen: order[0] ?? 0, rejected: order[place] ?? 0 }]
}
