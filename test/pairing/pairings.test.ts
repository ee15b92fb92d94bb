import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import type { Scored } from "../../schemas/mod.ts"
import { makePairs, type PairRule, pairings, penalizeLength } from "../../src/pairing/mod.ts"
import { key } from "../../src/random/mod.ts"
import { plainRule as rule, scored as row } from "./scored.ts"

const rewards = [0.1, 0.9, -0.3, 0.9]

describe("bestWorst()", () => {
  it("takes the largest against the smallest, the first of equals", () => {
    assert.deepStrictEqual(pairings.bestWorst(rewards, key(0)), [{ chosen: 1, rejected: 2 }])
  })
})

describe("bestSecond()", () => {
  it("takes the largest against the next", () => {
    assert.deepStrictEqual(pairings.bestSecond([0.1, 0.9, 0.5], key(0)), [{ chosen: 1, rejected: 2 }])
  })
})

const draw = (i: number) => pairings.bestRandom([0.1, 0.9, -0.3, 0.5], key("draw", i))

describe("bestRandom()", () => {
  it("draws each of the others about as often, the same one for the same key", () => {
    const draws = Array.from({ length: 3000 }, (_, i) => draw(i)).flat()
    const counts = [0, 1, 2, 3].map((position) => draws.filter(({ rejected }) => rejected === position).length)
    // 3000 draws over three: 1000 each, standard deviation √(3000·⅓·⅔) = 26; five of them
    const within = 130
    assert.deepStrictEqual(
      counts.map((count, position) => Math.abs(count - (position === 1 ? 0 : 1000)) <= within),
      [true, true, true, true]
    )
    assert.deepStrictEqual(draws.slice(7, 8), draw(7))
  })
})

describe("allPairs()", () => {
  it("takes every two once, the better one as chosen and the earlier of equals", () => {
    assert.deepStrictEqual(pairings.allPairs([0.1, 0.9, -0.3, 0.9], key(0)), [
      { chosen: 1, rejected: 3 },
      { chosen: 1, rejected: 0 },
      { chosen: 1, rejected: 2 },
      { chosen: 3, rejected: 0 },
      { chosen: 3, rejected: 2 },
      { chosen: 0, rejected: 2 }
    ])
  })
})

describe("every pairing", () => {
  for (const [name, pairing] of Object.entries(pairings)) {
    it.prop(
      `${name} names two positions, the better one as chosen, and no two positions twice`,
      { values: Schema.Array(Schema.Finite).check(Schema.isMinLength(2)), seed: Schema.Natural },
      ({ values, seed }) => {
        const choices = pairing(values, key(seed))
        const better = ({ chosen, rejected }: (typeof choices)[number]) =>
          chosen !== rejected && (values[chosen] ?? Number.NaN) >= (values[rejected] ?? Number.NaN)
        assert.isTrue(choices.every(better))
        const both = new Set(choices.map(({ chosen, rejected }) => [chosen, rejected].toSorted().join("/")))
        assert.strictEqual(both.size, choices.length)
        assert.strictEqual(values[choices[0]?.chosen ?? -1], Math.max(...values))
      },
      { arbitrary: { runs: 100, seed: 1 } }
    )
  }
})

/** Texts and margin of each pair that a rule makes of a row, or why there is none. */
const made = (change: Partial<PairRule>, scored: Scored) =>
  makePairs({ ...rule, ...change })(scored, key(0)).map((result) =>
    Result.isFailure(result) ? result.failure : [result.success.chosen, result.success.rejected, result.success.margin]
  )

describe("makePairs()", () => {
  it("gives prompt, texts and margin of the two", () => {
    assert.deepStrictEqual(makePairs(rule)(row(["a", "b", "c"], [0.5, 2, -1]), key(0)), [
      Result.succeed({
        promptId: "p",
        messages: [{ role: "user" as const, content: "?" }],
        chosen: "b",
        rejected: "c",
        margin: 3
      })
    ])
  })

  it("says why there is no pair", () => {
    assert.deepStrictEqual(
      [
        made({}, row(["a"], [1])),
        made({}, row([], [])),
        made({}, row(["a", "b"], [1, 1])),
        made({}, row(["a", "a"], [1, 2])),
        made({}, row(["a", ""], [1, 2])),
        made({}, row(["a", ""], [2, 1])),
        made({ identical: "keep" }, row(["a", "a"], [1, 1])),
        made({ minimumMargin: 1.5 }, row(["a", "b"], [1, 2]))
      ].flat(),
      ["single", "single", "tie", "identical", "empty", "empty", "tie", "margin"]
    )
  })

  it("keeps equal texts with unequal rewards when asked to, and margins that are just large enough", () => {
    assert.deepStrictEqual(made({ identical: "keep" }, row(["a", "a"], [1, 2])), [["a", "a", 1]])
    assert.deepStrictEqual(made({ minimumMargin: 1 }, row(["a", "b"], [1, 2])), [["b", "a", 1]])
  })

  it("makes all pairs above a margin, and says of each other two why they make none", () => {
    const scored = row(["a", "b", "c", "a"], [3, 2, 0, 2])
    assert.deepStrictEqual(made({ pairing: pairings.allPairs, minimumMargin: 2 }, scored), [
      "margin", // a 3 − b 2
      "identical", // a 3 − a 2
      ["a", "c", 3],
      "tie", // b 2 − a 2
      ["b", "c", 2],
      ["a", "c", 2]
    ])
  })

  // r̂ = 5, 4, 1; |a| = 8, 2, 1 code points; r̃ = r̂ − 0.5·|a| = 1, 3, 0.5
  const lengths = row(["😀aaaaaaa", "bb", "c"], [5, 4, 1])

  it("picks and orders by the penalized reward, in code points, Eq. (9)", () => {
    assert.deepStrictEqual(made({ lengthPenalty: 0.5 }, lengths), [["bb", "c", 2.5]])
    assert.deepStrictEqual(made({ lengthPenalty: 0.5, pairing: pairings.bestSecond }, lengths), [
      ["bb", "😀aaaaaaa", 2]
    ])
  })

  it("turns a pair back that the penalty reversed, as the code published with the paper does", () => {
    const legacy = { lengthPenalty: 0.5, order: "legacy" as const }
    // best and second by r̃ are bb and the long one; by r̂ the long one is better, by 1
    assert.deepStrictEqual(made({ ...legacy, pairing: pairings.bestSecond }, lengths), [["😀aaaaaaa", "bb", 1]])
    // best and worst by r̃ are bb and c, and r̂ orders them the same way: 4 − 1
    assert.deepStrictEqual(made(legacy, lengths), [["bb", "c", 3]])
    // equal before the penalty is a tie, whatever the penalty makes of it
    assert.deepStrictEqual(made(legacy, row(["aaaa", "b"], [1, 1])), ["tie"])
    assert.deepStrictEqual(made({ lengthPenalty: 0.5 }, row(["aaaa", "b"], [1, 1])), [["b", "aaaa", 1.5]])
    // without a penalty both orders are the same
    assert.deepStrictEqual(made({ order: "legacy" }, lengths), made({}, lengths))
  })
})

describe("penalizeLength()", () => {
  it("takes λ per code point, Eq. (9)", () => {
    assert.strictEqual(penalizeLength(0.5)(2, "é😀"), 1) // 2 − 0.5·2
    assert.strictEqual(penalizeLength(0)(2, "é😀"), 2)
  })
})
