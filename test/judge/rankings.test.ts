import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { type Match, rankCandidates, rankings, Preference } from "../../src/judge/mod.ts"
import { key, permutation } from "../../src/random/mod.ts"

/** Who wins, by little, where candidates are better the larger their value, and the matches that were played, call by call. */
const refereeOf = (lists: ReadonlyArray<ReadonlyArray<number>>) => {
  const calls: Array<ReadonlyArray<Match>> = []
  const referee = (matches: ReadonlyArray<Match>) =>
    Effect.sync(() => {
      calls.push(matches)
      return matches.map(({ first, list, second }) => {
        const value = (i: number) => lists[list]?.[i] ?? Number.NaN
        return value(first) === value(second) ? 0.5 : value(first) > value(second) ? 0.51 : 0.49
      })
    })
  return { calls, referee }
}

const orders = Array.from({ length: 20 }, (_, seed) => Array.from(permutation(key(seed, "order"), 2 + (seed % 7))))
const sizesOf = (lists: ReadonlyArray<ReadonlyArray<unknown>>) => lists.map(({ length }) => length)

describe("rankings", () => {
  for (const [name, ranking] of Object.entries(rankings)) {
    it.effect(`${name}() finds the first and the last of a total order, for many lists at once`, () =>
      Effect.gen(function* () {
        const found = yield* ranking(sizesOf(orders), refereeOf(orders).referee)
        assert.deepStrictEqual(
          found,
          orders.map((order) => ({ chosen: order.indexOf(order.length - 1), rejected: order.indexOf(0) }))
        )
      })
    )

    it.effect(`${name}() takes the earlier of equals, and two that differ`, () =>
      Effect.gen(function* () {
        const lists = [
          [1, 1, 1],
          [0, 2, 0, 2]
        ]
        assert.deepStrictEqual(yield* ranking([3, 4], refereeOf(lists).referee), [
          { chosen: 0, rejected: 1 },
          { chosen: 1, rejected: 0 }
        ])
      })
    )
  }
})

describe("tournament()", () => {
  it.effect("asks n − 1 questions for the best and n − 2 for the worst, in the order given", () =>
    Effect.gen(function* () {
      const { calls, referee } = refereeOf([[1, 3, 0, 2]])
      assert.deepStrictEqual(yield* rankings.tournament([4], referee), [{ chosen: 1, rejected: 2 }])
      assert.deepStrictEqual(
        calls.flat().map(({ first, second }) => [first, second]),
        [
          [0, 1], // 1 wins and stands
          [1, 2],
          [1, 3],
          [0, 2], // 2 loses and stands
          [2, 3]
        ]
      )
    })
  )

  it.effect("asks about all lists in as many calls as about the longest", () =>
    Effect.gen(function* () {
      const { calls, referee } = refereeOf([
        [0, 1],
        [2, 1, 0],
        [0, 1, 2]
      ])
      yield* rankings.tournament([2, 3, 3], referee)
      assert.deepStrictEqual(sizesOf(calls), [3, 2, 2])
    })
  )
})

describe("roundRobin()", () => {
  it.effect("asks about each two of n once, all at once", () =>
    Effect.gen(function* () {
      const { calls, referee } = refereeOf([
        [0, 1, 2, 3],
        [1, 0]
      ])
      yield* rankings.roundRobin([4, 2], referee)
      assert.deepStrictEqual(sizesOf(calls), [(4 * 3) / 2 + 1])
    })
  )
})

describe("rankCandidates()", () => {
  it.effect("compares the responses of each row with the oracle", () =>
    Effect.gen(function* () {
      const rows = [
        { messages: [{ role: "user", content: "?" } as const], responses: ["aa", "a", "aaa"] },
        { messages: [{ role: "user", content: "!" } as const], responses: ["aa", "a", "aaa"] }
      ]
      const found = yield* rankCandidates(rankings.tournament)(rows)
      assert.deepStrictEqual(found, [
        { chosen: 2, rejected: 1 }, // the longest is the best
        { chosen: 1, rejected: 2 } // the shortest is
      ])
    }).pipe(
      Effect.provide(
        Preference.layerOf(({ first, messages, second }) =>
          first.length > second.length === (messages[0]?.content === "?") ? 1 : 0
        )
      )
    )
  )
})
