import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { DatasetStatistics } from "../../../schemas/mod.ts"
import { ClusterCounts, countCharacters, type DataRow, GroupedTally } from "../../../src/metric/mod.ts"

const messages = (content: string) => [{ role: "user", content }] as const

/** Six comparisons: lengths 1 to 3, one tie, one label against its scores, one identical pair. */
const rows: ReadonlyArray<DataRow> = [
  { promptId: "1", messages: messages("ab"), chosen: "aaa", rejected: "b", margin: 2, dataset: "one", source: "LLM" },
  { promptId: "2", messages: messages("ab"), chosen: "b", rejected: "aaa", margin: -1, dataset: "one", source: "LLM" },
  {
    promptId: "3",
    messages: messages("abcd"),
    chosen: "aa",
    rejected: "b",
    margin: 1,
    dataset: "two",
    annotator: "GPT-4"
  },
  { promptId: "4", messages: messages("abcd"), chosen: "b", rejected: "ccc", margin: 0, dataset: "two" },
  { promptId: "5", messages: messages("abcd"), chosen: "ccc", rejected: "aa", margin: 1, dataset: "two" },
  { promptId: "6", messages: messages("🌿"), chosen: "aa", rejected: "aa", margin: 1, contradicted: "helpful" }
]

const tally = (all: ReadonlyArray<DataRow>, by: "dataset" | "source" = "dataset") => {
  const made = new GroupedTally({ by, unit: "characters", lengthOf: countCharacters })
  for (const row of all) made.add(row)
  return made.summary()
}

const lengths = (
  mean: number,
  quantiles: readonly [number, number, number, number],
  histogram: readonly [number, number, number, number]
) => {
  const [min, median, percentile95, max] = quantiles
  return { mean, min, median, percentile95, max, histogram: { edges: [0, 1, 2, 3, 4], counts: histogram, beyond: 0 } }
}

/** A share of the counts of each prompt, with the interval of a bootstrap of prompts. */
const share = (...prompts: ReadonlyArray<readonly [count: number, of: number]>) => {
  const clusters = new ClusterCounts()
  for (const [count, of] of prompts) clusters.add(count, of)
  const { clusters: many = 0, count = 0, high = 0, low = 0, of = 0, share: found = 0 } = clusters.share() ?? {}
  return { count, of, share: found, low, high, prompts: many }
}

/** One flip rate that is seen through `rateOf` from the counts of each prompt. */
const rate = (counts: ReadonlyArray<readonly [count: number, of: number]>, rateOf: (share: number) => number) => {
  const { count, high, low, of, prompts, share: found } = share(...counts)
  return { count, of, prompts, rate: rateOf(found), low: rateOf(low), high: rateOf(high) }
}

/** σ(−m) summed over the margins of all rows: 2, −1, 1, 0, 1, 1. */
const chanceOther = [2, -1, 1, 0, 1, 1].reduce((sum, margin) => sum + 1 / (1 + Math.exp(margin)), 0)

/** Name, rows and prompts of each group. */
const told = (by: "dataset" | "source") =>
  tally(rows, by).groups.map(({ name, prompts, rows: n }) => [name, n, prompts])

describe("GroupedTally", () => {
  it("counts everything that Table 5 tells, and what speaks against the labels", () => {
    assert.deepStrictEqual<unknown>(tally(rows).all, {
      name: "all",
      rows: 6,
      prompts: 3, // "ab", "abcd", "🌿"
      sources: { LLM: 2 },
      annotators: { "GPT-4": 1 },
      lengths: {
        prompt: {
          mean: 17 / 6,
          min: 1,
          median: 2, // 1 2 2 4 4 4
          percentile95: 4,
          max: 4,
          histogram: { edges: [0, 1, 2, 3, 4, 5], counts: [0, 1, 2, 0, 3], beyond: 0 }
        },
        chosen: lengths(2, [1, 2, 3, 3], [0, 2, 2, 2]),
        rejected: lengths(2, [1, 2, 3, 3], [0, 2, 2, 2])
      },
      comparisons: {
        identical: 1,
        sameLength: 1,
        chosenLonger: share([1, 2], [2, 3]), // of "ab", and of "abcd"; those of "🌿" are of one length
        margins: {
          ties: 1,
          mean: 4 / 6,
          min: -1,
          max: 2,
          // 2 is within 16 bins of 2⁻², not of 2⁻³, whose last bin ends at 2
          histogram: {
            edges: Array.from({ length: 14 }, (_, i) => -1 + i / 4),
            counts: [1, 0, 0, 0, 1, 0, 0, 0, 3, 0, 0, 0, 1],
            beyond: 0
          }
        },
        noise: {
          // of "ab" one label of two, of "abcd" none of two, of "🌿" none of one
          scores: rate(
            [
              [1, 2],
              [0, 2],
              [0, 1]
            ],
            (found) => found
          ),
          // aaa over b, b over aaa: one pair of labels, which differ
          repeats: rate([[1, 1]], (d) => (1 - Math.sqrt(Math.max(0, 1 - 2 * d))) / 2),
          // aa over b, b over ccc, ccc over aa
          cycles: rate([[1, 1]], (c) => (1 - Math.sqrt(Math.max(0, 1 - 4 * c))) / 2),
          bradleyTerry: chanceOther / 6,
          contradicted: { helpful: 1 }
        }
      }
    })
  })

  it("groups rows by data set or by source, and what names none as (none)", () => {
    assert.deepStrictEqual(told("dataset"), [
      ["one", 2, 1],
      ["two", 3, 1],
      ["(none)", 1, 1]
    ])
    assert.deepStrictEqual(told("source"), [
      ["LLM", 2, 1],
      ["(none)", 4, 2]
    ])
  })

  it("gives what its schema says, and the same for all rows as for one group of all of them", () => {
    const found = tally(rows)
    assert.deepStrictEqual(Schema.decodeUnknownSync(DatasetStatistics)(JSON.parse(JSON.stringify(found))), found)
    const [one] = tally(rows.map((row) => ({ ...row, dataset: "all" }))).groups
    const { lengths: _, ...rest } = found.all
    const { lengths: __, ...whole } = one ?? found.all
    assert.deepStrictEqual(rest, whole)
    assert.deepStrictEqual(found.all.lengths, one?.lengths)
  })

  it("has no margins where no row has scores or a margin; a row with scores of 0 and 0 is a tie", () => {
    const [row] = rows
    const plain: DataRow = { ...row, promptId: "1", messages: messages("a"), chosen: "a", rejected: "b", margin: 0 }
    assert.doesNotHaveAnyKeys(tally([plain]).all.comparisons, ["margins", "chosenLonger"])
    assert.deepStrictEqual(tally([plain]).all.comparisons?.noise, { contradicted: {} })
    assert.notProperty(tally([{ ...plain, chosenScore: 3 }]).all.comparisons, "margins")
    assert.notProperty(tally([{ ...plain, rejectedScore: 3 }]).all.comparisons, "margins")
    const scored = tally([{ ...plain, chosenScore: 3, rejectedScore: 3 }]).all.comparisons
    assert.deepInclude(scored?.margins, { ties: 1, mean: 0, min: 0, max: 0 })
    assert.deepStrictEqual(scored?.noise, { bradleyTerry: 0.5, contradicted: {} })
  })

  it("counts the parts that demonstrations and judged responses have", () => {
    const judged = [true, false, true].map((desirable, i) => ({
      promptId: `${i}`,
      messages: messages("a"),
      response: "b".repeat(i + 1),
      desirable
    }))
    const { comparisons, desirable, lengths: found, rows: count } = tally(judged).all
    assert.deepStrictEqual([count, comparisons, desirable], [3, undefined, share([2, 3])])
    assert.deepStrictEqual(Object.keys(found), ["prompt", "response"])
    assert.strictEqual(found.response?.mean, 2)
  })

  it("tells 256 groups apart, and counts the rows of later ones together", () => {
    const many = Array.from({ length: 300 }, (_, i) => ({ promptId: "p", messages: messages("a"), dataset: `${i}` }))
    const { all, groups } = tally(many)
    assert.deepStrictEqual(
      [all.rows, groups.length, groups.at(-1)?.name, groups.at(-1)?.rows],
      [300, 257, "(others)", 44]
    )
  })
})

describe("countCharacters()", () => {
  it("counts code points, a lone half as one", () => {
    assert.deepStrictEqual(["", "a🌿b", "\ud83c", "\udf3f\ud83c"].map(countCharacters), [0, 3, 1, 2])
  })
})

/** Rows that are alike but for what is named. */
const many = (changes: ReadonlyArray<Partial<DataRow>>): ReadonlyArray<DataRow> =>
  changes.map((change, i) => ({ promptId: `${i}`, messages: messages("a"), ...change }))

describe("GroupedTally of many rows", () => {
  it("puts each margin between the edges of its bin, of one group or of several whose bins are not as wide", () => {
    const margins = [0.1, -0.2, 0.3, 0.3, 5, -7.5, 0.25, 0, 40, -3, 16, -100.5, 99, 3]
    const found = tally(
      many(margins.map((margin, i) => ({ chosen: "a", rejected: "b", margin, dataset: i < 4 ? "one" : "two" })))
    )
    for (const [{ comparisons }, own] of [
      [found.all, margins],
      [found.groups[0] ?? found.all, margins.slice(0, 4)],
      [found.groups[1] ?? found.all, margins.slice(4)]
    ] as const) {
      const { counts, edges } = comparisons?.margins?.histogram ?? { counts: [], edges: [] }
      const between = (from: number, to: number) => own.filter((margin) => from <= margin && margin < to).length
      assert.deepStrictEqual(
        counts,
        edges.slice(1).map((to, i) => between(edges[i] ?? Number.NaN, to))
      )
      assert.strictEqual(
        counts.reduce((sum, n) => sum + n),
        own.length
      )
      assert.isTrue(counts.length <= 32 && counts.length > 8, `${counts.length} bins`)
    }
  })

  it("counts lengths by quantiles, and those that few rows have as beyond the histogram", () => {
    const hundred = tally(many(Array.from({ length: 100 }, (_, i) => ({ response: "a".repeat(100 - i) }))))
    assert.deepInclude(hundred.all.lengths.response, { mean: 50.5, min: 1, median: 50, percentile95: 95, max: 100 })
    const long = tally(many(Array.from({ length: 200 }, (_, i) => ({ response: "a".repeat(i === 7 ? 1000 : 1) }))))
    assert.deepStrictEqual(long.all.lengths.response?.histogram, { edges: [0, 1, 2], counts: [0, 199], beyond: 1 })
  })

  it("adds up judged responses of several groups", () => {
    const judged = [true, false, true, true].map((desirable, i) => ({ response: "b", dataset: `${i % 2}`, desirable }))
    assert.deepStrictEqual(tally(many([...judged, { response: "b" }])).all.desirable, share([3, 4]))
  })

  it("names what is frequent first, then by the alphabet, and 256 names at most", () => {
    const names = ["b", "a", "c", "c", "d"].map((source) => ({ source }))
    assert.deepStrictEqual(Object.keys(tally(many(names)).all.sources), ["c", "a", "b", "d"])
    const all = [...Array.from({ length: 300 }, (_, i) => i), 0, 299].map((i) => `n${i}`)
    const whole = tally(many(all.map((annotator) => ({ annotator })))).all
    const { groups } = tally(many(all.map((dataset) => ({ dataset }))))
    assert.deepStrictEqual(Object.entries(whole.annotators).slice(0, 2), [
      ["(others)", 45],
      ["n0", 2]
    ])
    assert.strictEqual(Object.keys(whole.annotators).length, 257)
    assert.deepStrictEqual(
      [groups.length, groups[0], groups[256]].map((group) =>
        typeof group === "object" ? [group.name, group.rows] : group
      ),
      [257, ["n0", 2], ["(others)", 45]]
    )
  })
})
