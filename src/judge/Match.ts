import type { Effect } from "effect"
import type { Choice } from "../pairing/mod.ts"

/** Two candidates of one list to be compared, by their positions. */
export interface Match {
  readonly list: number
  readonly first: number
  readonly second: number
}

/** Who decides matches: for each the chance that its first candidate is better. */
export type Referee<E, R> = (matches: ReadonlyArray<Match>) => Effect.Effect<ReadonlyArray<number>, E, R>

/**
 * The best and the worst of the candidates of each list.
 *
 * Domain   `sizes` are the numbers of candidates, each at least 2; of a tie the earlier candidate is taken, and best and
 *          worst differ.
 */
export type Ranking = <E, R>(
  sizes: ReadonlyArray<number>,
  referee: Referee<E, R>
) => Effect.Effect<ReadonlyArray<Choice>, E, R>
