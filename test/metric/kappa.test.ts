import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { cohenKappa, fleissKappa } from "../../src/metric/mod.ts"

/** Rounding of float64 sums over a few hundred labels. */
const tolerance = 1e-12
/** Half of the last digit that the papers print. */
const printed = 5e-4

/** Labels of two judges, from the table of how often each pair of labels was given. */
const expand = (table: ReadonlyArray<ReadonlyArray<number>>) => {
  const pairs = table.flatMap((row, one) =>
    row.flatMap((count, other) => Array.from({ length: count }, () => [one, other] as const))
  )
  return [pairs.map(([one]) => one), pairs.map(([, other]) => other)] as const
}

describe("cohenKappa()", () => {
  it("is 0.492 on the table of Cohen (1960): 200 patients, three diagnoses, two psychiatrists", () => {
    // on the diagonal 88 + 40 + 12 = 140 of 200; margins (100, 60, 40) and (120, 60, 20)
    const found = cohenKappa(
      ...expand([
        [88, 10, 2],
        [14, 40, 6],
        [18, 10, 12]
      ])
    )
    assert.closeTo(found.observed, 0.7, tolerance)
    assert.closeTo(found.expected, 0.5 * 0.6 + 0.3 * 0.3 + 0.2 * 0.1, tolerance)
    assert.closeTo(found.kappa ?? Number.NaN, 0.492, printed)
  })

  it("is 1 when judges agree, below 0 when they disagree more than chance, and absent when there was one label only", () => {
    assert.deepStrictEqual(cohenKappa(["a", "b"], ["a", "b"]), { observed: 1, expected: 0.5, kappa: 1 })
    assert.deepStrictEqual(cohenKappa(["a", "b"], ["b", "a"]), { observed: 0, expected: 0.5, kappa: -1 })
    assert.deepStrictEqual(cohenKappa(["a", "a"], ["a", "a"]), { observed: 1, expected: 1 })
  })
})

/** The table of Fleiss (1971) as often printed: 10 subjects, 14 judges, five categories. */
const fleiss = [
  [0, 0, 0, 0, 14],
  [0, 2, 6, 4, 2],
  [0, 0, 3, 5, 6],
  [0, 3, 9, 2, 0],
  [2, 2, 8, 1, 1],
  [7, 7, 0, 0, 0],
  [3, 2, 6, 3, 0],
  [2, 5, 3, 2, 2],
  [6, 5, 2, 1, 0],
  [0, 2, 2, 3, 7]
]

const label = Schema.Literals(["first", "second", "tie"])
const labels = Schema.NonEmptyArray(Schema.Struct({ one: label, other: label }))

describe("fleissKappa()", () => {
  it("is 0.210 on the well-known table of 10 subjects and 14 judges", () => {
    const things = fleiss.map((counts) => counts.flatMap((n, category) => Array.from({ length: n }, () => category)))
    const found = fleissKappa(things)
    assert.closeTo(found.observed, 0.378, printed)
    assert.closeTo(found.expected, 0.213, printed)
    assert.closeTo(found.kappa ?? Number.NaN, 0.21, printed)
  })

  it("of three judges: (2, 1), (3) by hand", () => {
    // pairs that agree: 1 of 3, 3 of 3; shares 2/6 + … : a 2/6, b 1/6, c 3/6
    const found = fleissKappa([
      ["a", "a", "b"],
      ["c", "c", "c"]
    ])
    assert.closeTo(found.observed, 2 / 3, tolerance)
    assert.closeTo(found.expected, (4 + 1 + 9) / 36, tolerance)
    assert.closeTo(found.kappa ?? Number.NaN, (2 / 3 - 14 / 36) / (1 - 14 / 36), tolerance)
  })

  it.prop(
    "and cohenKappa() see the same agreement of two judges, whose names may be swapped, and are at most 1",
    { of: labels },
    ({ of }) => {
      const one = of.map((pair) => pair.one)
      const other = of.map((pair) => pair.other)
      const cohen = cohenKappa(one, other)
      const of2 = fleissKappa(of.map((pair) => [pair.one, pair.other]))
      assert.closeTo(of2.observed, cohen.observed, tolerance)
      assert.isAtLeast(of2.expected, cohen.expected - tolerance) // the mean of margins is at least their product
      assert.isAtMost(cohen.kappa ?? 0, 1)
      const swapped = cohenKappa(other, one)
      assert.closeTo(swapped.kappa ?? 2, cohen.kappa ?? 2, 1e-9) // a small 1 − pₑ stretches rounding
    },
    { arbitrary: { runs: 200, seed: 1 } }
  )
})
