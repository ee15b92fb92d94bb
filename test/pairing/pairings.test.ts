import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import type { Scored } from "../../schemas/mod.ts"
import { makePair, pairings, penalizeLength } from "../../src/pairing/mod.ts"
import { key } from "../../src/random/mod.ts"

const rewards = [0.1, 0.9, -0.3, 0.9]

const row = (texts: ReadonlyArray<string>, values: ReadonlyArray<number>): Scored => ({
  promptId: "p",
  messages: [{ role: "user", content: "?" }],
  responses: texts.map((text, sample) => ({ text, tokens: 1, finish: "stop", temperature: 1, sample })),
  rewards: values
})

describe("bestWorst()", () => {
  it("takes the largest against the smallest, the first of equals", () => {
    assert.deepStrictEqual(pairings.bestWorst(rewards, key(0)), { chosen: 1, rejected: 2 })
  })
})

describe("bestSecond()", () => {
  it("takes the largest against the next", () => {
    assert.deepStrictEqual(pairings.bestSecond([0.1, 0.9, 0.5], key(0)), { chosen: 1, rejected: 2 })
  })
})

describe("bestRandom()", () => {
  it("draws each of the others about as often, the same one for the same key", () => {
    const draws = Array.from({ length: 3000 }, (_, i) => pairings.bestRandom([0.1, 0.9, -0.3, 0.5], key("draw", i)))
    const counts = [0, 1, 2, 3].map((position) => draws.filter(({ rejected }) => rejected === position).length)
    // 3000 draws over three: 1000 each, standard deviation √(3000·⅓·⅔) = 26; five of them
    const within = 130
    assert.deepStrictEqual(
      counts.map((count, position) => Math.abs(count - (position === 1 ? 0 : 1000)) <= within),
      [true, true, true, true]
    )
    assert.deepStrictEqual(draws[7], pairings.bestRandom([0.1, 0.9, -0.3, 0.5], key("draw", 7)))
  })
})

describe("every pairing", () => {
  for (const [name, pairing] of Object.entries(pairings)) {
    it.prop(
      `${name} names two positions, the better one as chosen`,
      { values: Schema.Array(Schema.Finite).check(Schema.isMinLength(2)), seed: Schema.Natural },
      ({ values, seed }) => {
        const { chosen, rejected } = pairing(values, key(seed))
        assert.notStrictEqual(chosen, rejected)
        assert.isTrue(values.every((value) => value <= (values[chosen] ?? Number.NaN)))
        assert.isDefined(values[rejected])
      },
      { arbitrary: { runs: 100, seed: 1 } }
    )
  }
})

describe("makePair()", () => {
  const drop = makePair({ pairing: pairings.bestWorst, identical: "drop" })
  const keep = makePair({ pairing: pairings.bestWorst, identical: "keep" })

  it("gives texts and margin of the two", () => {
    assert.deepStrictEqual(
      drop(row(["a", "b", "c"], [0.5, 2, -1]), key(0)),
      Result.succeed({
        promptId: "p",
        messages: [{ role: "user", content: "?" }],
        chosen: "b",
        rejected: "c",
        margin: 3
      })
    )
  })

  it("says why there is no pair", () => {
    const reasons = [
      drop(row(["a"], [1]), key(0)),
      drop(row([], []), key(0)),
      drop(row(["a", "b"], [1, 1]), key(0)),
      drop(row(["a", "a"], [1, 2]), key(0)),
      drop(row(["a", ""], [1, 2]), key(0)),
      keep(row(["a", "a"], [1, 1]), key(0))
    ]
    assert.deepStrictEqual(
      reasons.map((result) => (Result.isFailure(result) ? result.failure : "a pair")),
      ["single", "single", "tie", "identical", "empty", "tie"]
    )
  })

  it("keeps equal texts with unequal rewards when asked to", () => {
    assert.isTrue(Result.isSuccess(keep(row(["a", "a"], [1, 2]), key(0))))
  })
})

describe("penalizeLength()", () => {
  it("takes λ per code point, Eq. (9)", () => {
    assert.strictEqual(penalizeLength(0.5)(2, "é😀"), 1) // 2 − 0.5·2
    assert.strictEqual(penalizeLength(0)(2, "é😀"), 2)
  })
})
