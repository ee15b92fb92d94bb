import { Effect } from "effect"
import type { Choice } from "../pairing/mod.ts"
import type { Match, Ranking } from "./Match.ts"

const matchesOf = (size: number, list: number): ReadonlyArray<Match> =>
  Array.from({ length: size }, (_, first) => first).flatMap((first) =>
    Array.from({ length: size - first - 1 }, (_, i) => ({ list, first, second: first + 1 + i }))
  )

const bestAndWorst = (points: ReadonlyArray<number>): Choice => {
  const chosen = points.indexOf(Math.max(...points))
  const others = points.map((won, i) => (i === chosen ? Number.POSITIVE_INFINITY : won))
  return { chosen, rejected: others.indexOf(Math.min(...others)) }
}

/** What the first candidate of a match gets; the second gets the rest. */
const pointsOf = (chance: number): number => (chance === 0.5 ? 0.5 : chance > 0.5 ? 1 : 0)

/**
 * Best and worst by the number of matches won, a tie counting half for both, when each candidate plays against each other
 * one: n(n − 1)/2 matches, all asked at once.
 */
export const roundRobin: Ranking = Effect.fnUntraced(function* (sizes, referee) {
  const matches = sizes.flatMap(matchesOf)
  const chances = yield* referee(matches)
  const points = sizes.map((size) => new Float64Array(size))
  matches.forEach(({ first, list, second }, i) => {
    const won = pointsOf(chances[i] ?? Number.NaN)
    points[list]?.set([(points[list][first] ?? 0) + won], first)
    points[list]?.set([(points[list][second] ?? 0) + 1 - won], second)
  })
  return points.map((list) => bestAndWorst(Array.from(list)))
})
