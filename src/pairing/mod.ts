/**
 * Which responses make a pair, and what length costs.
 *
 * ```ts
 * pairings.bestWorst([0.1, 0.9, -0.3], key(seed, iteration, promptId)) // [{ chosen: 1, rejected: 2 }]
 * ```
 */
import { allPairs } from "./allPairs.ts"
import { bestRandom } from "./bestRandom.ts"
import { bestSecond } from "./bestSecond.ts"
import { bestWorst } from "./bestWorst.ts"
import type { Pairing } from "./Pairing.ts"

export { allPairs, bestRandom, bestSecond, bestWorst }
export type { Among } from "./contenders.ts"
export { type Dropped, makePairs, type PairRule } from "./makePairs.ts"
export type { Choice, Pairing } from "./Pairing.ts"
export { penalizeLength } from "./penalizeLength.ts"

/** Every rule by its name in a pipeline. */
export const pairings = { bestWorst, bestRandom, bestSecond, allPairs } as const satisfies Record<string, Pairing>
