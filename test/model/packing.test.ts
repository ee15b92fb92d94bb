import { assert, describe, it } from "@effect/vitest"
import { layoutBlock, type Sequence } from "../../src/model/mod.ts"
import { packTrees, treesOf } from "../../src/model/Tree.ts"
import { examplesOf } from "./examplesOf.ts"

const seeds = Array.from({ length: 200 }, (_, seed) => seed)

const sizesOf = (examples: ReadonlyArray<ReadonlyArray<Sequence>>) => examples.flatMap(treesOf).map(({ size }) => size)

describe("packTrees()", () => {
  it("puts a tree into the row that it fills best, not the first that has room", () => {
    // 13 leaves 7; 9 needs a second row and leaves 11, of which 8 takes all but 3; the last 3 fits there exactly
    assert.deepStrictEqual(packTrees([3, 9, 13, 8], 20), { rows: [[2], [1, 3, 0]], tokens: 20 })
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

describe("layoutBlock()", () => {
  it("lays every token once: each sequence is read back by its document, branch and positions", () => {
    for (const seed of seeds) {
      const examples = examplesOf(seed)
      const block = layoutBlock(examples, { capacity: 24 })
      const sequences = examples.flat()
      const readBack = Array.from(block.last, (last) => {
        const at = Number(last)
        const row = Math.floor(at / block.tokens)
        const cells = Array.from({ length: block.tokens }, (_, i) => row * block.tokens + i).filter(
          (i) =>
            block.document[i] === block.document[at] && (block.branch[i] === block.branch[at] || block.branch[i] === 0n)
        )
        return Array.from(cells, (i) => [Number(block.positions[i]), Number(block.ids[i])] as const)
      })
      assert.deepStrictEqual(
        readBack,
        sequences.map(({ ids }) => Array.from(ids, (id, i) => [i, id] as const))
      )
      // each tree has its own tokens and its shared ones once, so the filled places are no more than these
      assert.strictEqual(block.document.filter((document) => document >= 0n).length, block.filled)
      assert.strictEqual(
        block.filled,
        sizesOf(examples).reduce((sum, size) => sum + size, 0)
      )
    }
  })

  it("writes a prompt that all responses share once", () => {
    for (const seed of seeds) {
      for (const example of examplesOf(seed)) {
        const [first] = example
        const prompts = new Set(example.map(({ ids, promptLength }) => String(ids.subarray(0, promptLength))))
        const lengths = example.reduce((sum, { ids }) => sum + ids.length, 0)
        const saved = prompts.size === 1 ? (example.length - 1) * (first?.promptLength ?? 0) : 0
        assert.strictEqual(layoutBlock([example]).filled, lengths - saved)
      }
    }
  })

  it("selects for each response token the place of the token before it", () => {
    for (const seed of seeds) {
      const sequences = examplesOf(seed).flat()
      const block = layoutBlock(examplesOf(seed), { capacity: 24 })
      sequences.forEach(({ ids, promptLength }, sequence) => {
        const range = [block.starts[sequence], block.starts[sequence + 1]] as const
        const before = Array.from(block.select.slice(...range), Number)
        assert.deepStrictEqual(
          before.map((at) => [Number(block.positions[at]), Number(block.ids[at])]),
          Array.from(ids.subarray(promptLength - 1, -1), (id, i) => [promptLength - 1 + i, id])
        )
        assert.deepStrictEqual(Array.from(block.targets.slice(...range), Number), [...ids.subarray(promptLength)])
      })
    }
  })
})
