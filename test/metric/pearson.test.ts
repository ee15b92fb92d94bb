import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { pearson } from "../../src/metric/mod.ts"

/** Rounding of float64 sums over at most a dozen numbers. */
const tolerance = 1e-12

const number = Schema.Int.check(Schema.isBetween({ minimum: -1000, maximum: 1000 }))
const points = Schema.Array(Schema.Struct({ x: number, y: number })).check(Schema.isMaxLength(12))
const laws = { arbitrary: { runs: 200, seed: 1 } }

describe("pearson()", () => {
  it("is 1 on a rising line, −1 on a falling one, and 0 on a symmetric hill", () => {
    assert.strictEqual(pearson([1, 2, 4], [10, 20, 40]), 1)
    assert.strictEqual(pearson([1, 2, 4], [-1, -2, -4]), -1)
    assert.strictEqual(pearson([1, 2, 3], [0, 5, 0]), 0)
    const many = Array.from({ length: 200_000 }, (_, i) => i) // more than a stack holds as arguments
    assert.closeTo(pearson(many, many) ?? Number.NaN, 1, tolerance)
  })

  it("is ½ for 1, 2, 3 against 1, 3, 2", () => {
    // deviations (−1, 0, 1) and (−1, 1, 0): products add up to 1, squares to 2 and 2
    assert.closeTo(pearson([1, 2, 3], [1, 3, 2]) ?? Number.NaN, 1 / 2, tolerance)
  })

  it("is absent where one side does not vary, and where nothing is", () => {
    assert.strictEqual(pearson([5, 5, 5], [1, 2, 3]), undefined)
    assert.strictEqual(pearson([1, 2, 3], [0.1, 0.1, 0.1]), undefined) // 0.1 thrice: the mean differs from 0.1 by rounding
    assert.strictEqual(pearson([], []), undefined)
  })

  it("holds where squares would vanish or overflow", () => {
    assert.strictEqual(pearson([0, 1e-200, 2e-200], [0, 1e200, 2e200]), 1)
  })

  it.prop(
    "lies in [−1, 1], keeps its value under y ↦ 3y + 7, changes its sign under y ↦ −2y + 1, and is symmetric",
    { of: points },
    ({ of }) => {
      const x = of.map((point) => point.x)
      const y = of.map((point) => point.y)
      const r = pearson(x, y)
      const stretched = pearson(
        x,
        y.map((v) => 3 * v + 7)
      )
      const turned = pearson(
        x,
        y.map((v) => -2 * v + 1)
      )
      if (r === undefined) return assert.deepStrictEqual([stretched, turned, pearson(y, x)], [r, r, r])
      assert.isAtMost(Math.abs(r), 1)
      assert.closeTo(stretched ?? Number.NaN, r, tolerance)
      assert.closeTo(turned ?? Number.NaN, -r, tolerance)
      assert.closeTo(pearson(y, x) ?? Number.NaN, r, tolerance)
    },
    laws
  )
})
