import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import type { Scored } from "../../schemas/mod.ts"
import { bootstrapMean, correlateLength, lengthBias, mean, quantile, roundEdges } from "../../src/metric/mod.ts"
import { key } from "../../src/random/mod.ts"

/** Rounding of float64 sums over a few numbers. */
const tolerance = 1e-12

/** A row of responses with these texts and rewards; a text of n code units was drawn as 10 − n tokens. */
const scored = (texts: ReadonlyArray<string>, rewards: ReadonlyArray<number>): Scored => ({
  promptId: "p",
  messages: [{ role: "user", content: "?" }],
  responses: texts.map((text, sample) => ({ text, tokens: 10 - text.length, finish: "stop", temperature: 1, sample })),
  rewards
})

const why = (texts: ReadonlyArray<string>, rewards: ReadonlyArray<number>) =>
  correlateLength("characters")(scored(texts, rewards))

describe("correlateLength()", () => {
  it("counts code points, or the tokens that were drawn", () => {
    const row = scored(["🌿", "bb", "ccc"], [1, 2, 3])
    assert.deepStrictEqual(correlateLength("characters")(row), Result.succeed({ coefficient: 1, meanLength: 2 }))
    // tokens 8, 8, 7 against 1, 2, 3: deviations (⅓, ⅓, −⅔) and (−1, 0, 1), so −1/√(⅔·2)
    const found = Result.getOrThrow(correlateLength("tokens")(row))
    assert.closeTo(found.coefficient, -1 / Math.sqrt(4 / 3), tolerance)
    assert.closeTo(found.meanLength, 23 / 3, tolerance)
  })

  it("says why there is none", () => {
    assert.deepStrictEqual(why(["a"], [1]), Result.fail("single" as const))
    assert.deepStrictEqual(why([], []), Result.fail("single" as const))
    assert.deepStrictEqual(why(["a", "b"], [1, 2]), Result.fail("sameLength" as const))
    assert.deepStrictEqual(why(["a", "bb"], [1, 1]), Result.fail("sameReward" as const))
  })
})

describe("lengthBias()", () => {
  const options = { seed: 0, resamples: 500, level: 0.95, columns: 4, rows: 3 }
  const found = [
    { coefficient: 1, meanLength: 10 },
    { coefficient: -1, meanLength: 30 },
    { coefficient: 0.5, meanLength: 10 },
    { coefficient: 0, meanLength: 0 },
    { coefficient: 0, meanLength: 0 }
  ]

  it("counts each prompt once, by coefficient and by mean length", () => {
    const { counts, edges, groups, high, low, ...rest } = lengthBias(found, options)
    assert.deepStrictEqual(rest, {
      coefficients: 5,
      mean: 0.1,
      level: 0.95,
      resamples: 500,
      seed: 0,
      positive: 2,
      negative: 1
    })
    assert.deepStrictEqual(edges, [-1, -0.5, 0, 0.5, 1])
    assert.deepStrictEqual(groups, [
      { from: 0, to: 10, prompts: 2, mean: 0 },
      { from: 10, to: 20, prompts: 2, mean: 0.75 },
      { from: 20, to: 30, prompts: 1, mean: -1 } // the last group holds its upper edge
    ])
    assert.deepStrictEqual(counts, [
      [0, 0, 2, 0],
      [0, 0, 0, 2],
      [1, 0, 0, 0]
    ])
    assert.isTrue(-1 <= low && low < 0.1 && 0.1 < high && high <= 1)
    assert.deepStrictEqual(lengthBias(found.slice(1, 2), options).groups, [
      { from: 0, to: 10, prompts: 0 },
      { from: 10, to: 20, prompts: 0 },
      { from: 20, to: 30, prompts: 1, mean: -1 }
    ])
  })

  it("gives the same interval for the same seed, and another for another", () => {
    assert.deepStrictEqual(lengthBias(found, options), lengthBias(found, options))
    assert.notStrictEqual(
      lengthBias(found, { ...options, seed: 1, resamples: 3 }).low,
      lengthBias(found, { ...options, resamples: 3 }).low
    )
  })
})

const middle = (level: number) => bootstrapMean([0, 1], { key: key(0), resamples: 2000, level })

describe("bootstrapMean()", () => {
  it("of equal numbers is that number, with no width", () => {
    const options = { key: key(0), resamples: 20, level: 0.95 }
    assert.deepStrictEqual(bootstrapMean([0.25, 0.25, 0.25], options), { mean: 0.25, low: 0.25, high: 0.25 })
  })

  it("is the middle part of the means that can be drawn: of 0 and 1, ½ twice as often as either end", () => {
    assert.deepStrictEqual(middle(0.3), { mean: 0.5, low: 0.5, high: 0.5 }) // from 35 % to 65 %
    assert.deepStrictEqual(middle(0.7), { mean: 0.5, low: 0, high: 1 }) // from 15 % to 85 %
  })

  it("comes near the normal interval of a fair coin: ½ ± 1.96·½/√400", () => {
    const numbers = Array.from({ length: 400 }, (_, i) => i % 2)
    const { high, low } = bootstrapMean(numbers, { key: key(7), resamples: 2000, level: 0.95 })
    // the ends of 2000 samples scatter by about 0.002
    assert.closeTo(low, 0.5 - 0.049, 0.006)
    assert.closeTo(high, 0.5 + 0.049, 0.006)
  })
})

describe("quantile()", () => {
  it("lies on the line between two neighbours", () => {
    assert.deepStrictEqual(
      [0, 0.25, 0.5, 1].map((p) => quantile([1, 2, 4], p)),
      [1, 1.5, 2, 4]
    )
    assert.strictEqual(quantile([3], 0.9), 3)
  })
})

describe("roundEdges()", () => {
  it("steps by 1, 2, 2½ or 5 times a power of ten, whole numbers only, and covers the largest number", () => {
    assert.deepStrictEqual(roundEdges(10, 5), [0, 2, 4, 6, 8, 10])
    assert.deepStrictEqual(roundEdges(11, 5), [0, 5, 10, 15])
    assert.deepStrictEqual(roundEdges(700, 3), [0, 250, 500, 750])
    assert.deepStrictEqual(roundEdges(0.5, 12), [0, 1])
  })
})

describe("mean()", () => {
  it("is the sum over the number", () => assert.strictEqual(mean([1, 2, 6]), 3))
})
