import type { Key } from "../random/mod.ts"

/** The positions of the two responses that make a pair. */
export interface Choice {
  readonly chosen: number
  readonly rejected: number
}

/**
 * Which of a prompt's responses make pairs.
 *
 * Units    one reward per response; `key` is what chance depends on, for the rules that draw.
 * Domain   at least two finite rewards; in each pair `chosen` and `rejected` differ, and the reward of `chosen` is not smaller;
 *          no two responses make two pairs.
 */
export type Pairing = (rewards: ReadonlyArray<number>, key: Key) => ReadonlyArray<Choice>
