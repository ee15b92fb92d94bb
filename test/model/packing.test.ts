import { assert, describe, it } from "@effect/vitest"
import { layoutSheet, type Sequence } from "../../src/model/mod.ts"
import { key, uniform } from "../../src/random/mod.ts"
import { packTrees } from "../../src/model/packTrees.ts"
import { treesOf } from "../../src/model/Tree.ts"
import { examplesOf } from "./examplesOf.ts"

const seeds = Array.from({ length: 200 }, (_, seed) => seed)

const sizesOf = (examples: ReadonlyArray<ReadonlyArray<Sequence>>) => examples.flatMap(treesOf).map(({ size }) => size)

describe("packTrees()", () => {
  it("puts a tree into the row that it fills best, not the first that has room", () => {
    // 13 leaves 7; 9 needs a second row and leaves 11, of which 8 takes all but 3; the last 3 fits there exactly
    assert.deepStrictEqual(packTrees([3, 9, 13, 8], 20), { rows: [[2], [1, 3, 0]], tokens: 20 })
  })

  it("puts each tree, the longest first, into the first of the rows that it leaves the least room in", () => {
    for (const seed of seeds) {
      const capacity = 8 + (seed % 70)
      const sizes = Array.from({ length: seed }, (_, i) => 1 + Math.floor(uniform(key("sizes", seed), i) * capacity))
      const rows: Array<{ readonly members: Array<number>; free: number }> = []
      const order = sizes.map((size, i) => ({ size, i })).toSorted((a, b) => b.size - a.size || a.i - b.i)
      for (const { i, size } of order) {
        const least = Math.min(...rows.map(({ free }) => free).filter((free) => free >= size))
        const row = rows.find(({ free }) => free === least) ?? { members: [], free: capacity }
        if (row.free === capacity) rows.push(row)
        row.members.push(i)
        row.free -= size
      }
      const fullest = Math.max(0, ...rows.map(({ free }) => capacity - free))
      const wanted = { rows: rows.map(({ members }) => members), tokens: fullest }
      assert.deepStrictEqual(packTrees(sizes, capacity), wanted)
    }
  })

  it("keeps every tree once, no row over capacity, and opens a row only for what fits nowhere", () => {
    for (const seed of seeds) {
      const sizes = sizesOf(examplesOf(seed))
      const limit = Math.max(24, ...sizes)
      const { rows, tokens } = packTrees(sizes, 24)
      const totals = rows.map((members) => members.reduce((sum, member) => sum + (sizes[member] ?? Number.NaN), 0))
      assert.deepStrictEqual(
        rows.flat().toSorted((a, b) => a - b),
        sizes.map((_, i) => i)
      )
      assert.strictEqual(Math.max(...totals), tokens)
      assert.isAtMost(tokens, limit)
      rows.forEach(([first = -1], row) => {
        for (const before of totals.slice(0, row)) assert.isAbove(before + (sizes[first] ?? Number.NaN), limit)
      })
    }
  })
})

describe("layoutSheet()", () => {
  it("writes a prompt that all responses share once", () => {
    for (const seed of seeds) {
      for (const example of examplesOf(seed)) {
        const [first] = example
        const prompts = new Set(example.map(({ ids, promptLength }) => String(ids.subarray(0, promptLength))))
        const lengths = example.reduce((sum, { ids }) => sum + ids.length, 0)
        const saved = prompts.size === 1 ? (example.length - 1) * (first?.promptLength ?? 0) : 0
        const { filled, size } = layoutSheet(treesOf(example), { read: "last" })
        assert.deepStrictEqual([filled, size], [lengths - saved, lengths - saved])
      }
    }
  })

  it("selects for each response token the place of the token before it", () => {
    for (const seed of seeds) {
      const sequences = examplesOf(seed).flat()
      const sheet = layoutSheet(examplesOf(seed).flatMap(treesOf), { read: "select" })
      sequences.forEach(({ ids, promptLength }, sequence) => {
        const range = [sheet.starts[sequence], sheet.starts[sequence + 1]] as const
        const before = Array.from(sheet.select.slice(...range), Number)
        assert.deepStrictEqual(
          before.map((at) => [Number(sheet.positions[at]), Number(sheet.ids[at])]),
          Array.from(ids.subarray(promptLength - 1, -1), (id, i) => [promptLength - 1 + i, id])
        )
        assert.deepStrictEqual(Array.from(sheet.targets.slice(...range), Number), [...ids.subarray(promptLength)])
      })
    }
  })
})
