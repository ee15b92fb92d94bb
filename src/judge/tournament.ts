import { Effect } from "effect"
import type { Ranking, Referee } from "./Match.ts"

/** Whether the newcomer takes the place of the one who stands, whose chance against it is given. */
type Replaces = (chance: number) => boolean

/**
 * Who is left of each list's candidates, when the first stands and each next one plays against who stands.
 *
 * The same round of all lists is one question to the referee.
 */
const lastStanding = Effect.fnUntraced(function* <E, R>(
  lists: ReadonlyArray<ReadonlyArray<number>>,
  referee: Referee<E, R>,
  replaces: Replaces
) {
  const standing = lists.map(([first = 0]) => first)
  const rounds = lists.reduce((most, { length }) => Math.max(most, length), 0)
  for (let round = 1; round < rounds; round++) {
    const matches = lists.flatMap((candidates, list) => {
      const [first, second] = [standing[list], candidates[round]]
      return first === undefined || second === undefined ? [] : [{ list, first, second }]
    })
    const chances = yield* referee(matches)
    matches.forEach(({ list, second }, i) => {
      if (replaces(chances[i] ?? Number.NaN)) standing[list] = second
    })
  }
  return standing
})

/**
 * Best and worst by knock-out, in the order given: n − 1 matches for the best of n, and n − 2 for the worst of the others.
 *
 * Source   Section 2.1: comparisons of n candidates by a pairwise model, linear in n.
 * Domain   Where the matches follow one order of the candidates, its first and its last are found.
 */
export const tournament: Ranking = Effect.fnUntraced(function* (sizes, referee) {
  const lists = sizes.map((size) => Array.from({ length: size }, (_, i) => i))
  const best = yield* lastStanding(lists, referee, (chance) => chance < 0.5)
  const others = lists.map((candidates, list) => candidates.filter((i) => i !== best[list]))
  const worst = yield* lastStanding(others, referee, (chance) => chance > 0.5)
  return lists.map((_, list) => ({ chosen: best[list] ?? 0, rejected: worst[list] ?? 0 }))
})
