import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { type Comparison, inBothOrders, logistic, Preference } from "../../src/judge/mod.ts"
import { Reward, ScorerError, ModelFailed } from "../../src/scorer/mod.ts"

const row = (first: string, second: string): Comparison => ({
  messages: [{ role: "user", content: "?" }],
  first,
  second
})

/** Log-odds of every size, and some that rounding dislikes. */
const logOdds = [-1000, -40, -3, -0.7, -1e-9, 0, 1e-17, 1e-3, 0.1, 0.3, 2, 37, 1000]

describe("logistic()", () => {
  it("and its mirror add up to 1 exactly", () => {
    assert.deepStrictEqual(
      logOdds.map((z) => logistic(z) + logistic(-z)),
      logOdds.map(() => 1)
    )
    assert.deepStrictEqual([logistic(-1000), logistic(0), logistic(1000)], [0, 0.5, 1])
  })
})

describe("inBothOrders()", () => {
  it("is the mean of p_A in one order and p_B in the other", () => {
    assert.closeTo(inBothOrders(Math.log(3), Math.log(1 / 4)), (3 / 4 + 4 / 5) / 2, 1e-15) // float64 rounding
    assert.strictEqual(inBothOrders(Math.log(3), Math.log(3)), 0.5) // always A: no preference
  })

  it("and its swap add up to 1 exactly", () => {
    for (const a of logOdds) for (const b of logOdds) assert.strictEqual(inBothOrders(a, b) + inBothOrders(b, a), 1)
  })
})

/** A letter a in the response is worth 1. */
const Counting = Reward.layerOf((_, response) => response.split("a").length - 1)

const failing = new ScorerError({ reason: new ModelFailed({ model: "m", cause: new Error("gone") }) })
const Failing = Layer.succeed(Reward, Reward.of({ score: () => Effect.fail(failing) }))

const asked = (rows: ReadonlyArray<Comparison>) => Effect.flatMap(Preference, ({ prefer }) => prefer(rows))

describe("Preference.bradleyTerry", () => {
  it.effect("is σ of the difference of rewards, Eq. (1)", () =>
    Effect.gen(function* () {
      const found = yield* asked([row("aaa", "a"), row("a", "aaa"), row("ba", "ab")])
      assert.deepStrictEqual(found, [1 / (1 + Math.exp(-2)), 1 - 1 / (1 + Math.exp(-2)), 0.5])
    }).pipe(Effect.provide(Layer.provide(Preference.bradleyTerry, Counting)))
  )

  it.effect("says when the reward fails", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(asked([row("a", "b")]))
      assert.strictEqual(
        error.message,
        'Cannot compare responses: the reward behind the preference: Cannot score responses: model "m": gone'
      )
    }).pipe(Effect.provide(Layer.provide(Preference.bradleyTerry, Failing)))
  )

  it.effect("refuses a reward that is no number", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(asked([row("a", "b")]))
      assert.strictEqual(error.message, "Cannot compare responses: row 0: found NaN, wanted a probability from 0 to 1")
    }).pipe(
      Effect.provide(
        Layer.provide(
          Preference.bradleyTerry,
          Reward.layerOf(() => Number.NaN)
        )
      )
    )
  )
})

describe("Preference.layerOf()", () => {
  it.effect("asks a function, whose answers are probabilities", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* asked([row("0.25", ""), row("1", "")]), [0.25, 1])
      for (const found of ["1.5", "-0.5"]) {
        const error = yield* Effect.flip(asked([row("1", ""), row(found, "")]))
        assert.strictEqual(
          error.message,
          `Cannot compare responses: row 1: found ${found}, wanted a probability from 0 to 1`
        )
      }
    }).pipe(Effect.provide(Preference.layerOf(({ first }) => Number(first))))
  )
})
