import { assert, describe, it } from "@effect/vitest"
import { layoutSheet, layoutStrip, membership, type Sequence, type Sheet, treesOf } from "../../src/model/mod.ts"
import { key, uniform } from "../../src/random/mod.ts"
import { examplesOf } from "./examplesOf.ts"

const sequences = [
  { ids: Int32Array.of(5, 6, 7, 8), promptLength: 2 },
  { ids: Int32Array.of(9, 10), promptLength: 1 }
]

const sheetOf = (examples: ReadonlyArray<ReadonlyArray<Sequence>>, read: "last" | "select" = "select") =>
  layoutSheet(examples.flatMap(treesOf), { read })

const alone = sequences.map((sequence) => [sequence])

/** The indices of the tokens that query `query` of a tiling is compared with, up to position `position`. */
const seenBy = ({ back, bands }: Sheet["whole"], query: number, position: number): ReadonlyArray<number> => {
  let place = Number(back[query])
  for (const { keyAt, keys, queries, queryAt, tiles } of bands) {
    if (place < tiles * queries) {
      assert.strictEqual(Number(queryAt[place]), query)
      const row = Math.floor(place / queries)
      return Array.from(keyAt.subarray(row * keys, row * keys + position + 1), Number)
    }
    place -= tiles * queries
  }
  throw new RangeError(`Query ${query} stands in no band`)
}

describe("layoutSheet()", () => {
  it("lays sequences one after another and points at the token before each response token", () => {
    const { whole, chosen, ...placement } = sheetOf(alone)
    assert.deepStrictEqual(placement, {
      ids: BigInt64Array.of(5n, 6n, 7n, 8n, 9n, 10n),
      positions: BigInt64Array.of(0n, 1n, 2n, 3n, 0n, 1n),
      document: BigInt64Array.of(0n, 0n, 0n, 0n, 0n, 0n),
      branch: BigInt64Array.of(1n, 1n, 1n, 1n, 1n, 1n),
      select: BigInt64Array.of(1n, 2n, 4n),
      targets: BigInt64Array.of(7n, 8n, 10n),
      learned: Uint8Array.of(1, 1, 1),
      starts: Int32Array.of(0, 2, 3),
      last: BigInt64Array.of(3n, 5n),
      filled: 6,
      size: 6,
      read: BigInt64Array.of(1n, 2n, 4n)
    })
    assert.deepStrictEqual(seenBy(whole, 5, 1), [4, 5])
    assert.deepStrictEqual(seenBy(chosen, 1, 2), [0, 1, 2])
  })

  it("writes a prompt that two responses share once; both are predicted from its last token", () => {
    const chosen = { ids: Int32Array.of(5, 6, 7, 8), promptLength: 2 }
    const rejected = { ids: Int32Array.of(5, 6, 9), promptLength: 2 }
    const { ids, positions, select, targets, starts, last, whole } = sheetOf([[chosen, rejected]])
    assert.deepStrictEqual(
      { ids, positions, select, targets, starts, last },
      {
        ids: BigInt64Array.of(5n, 6n, 7n, 8n, 9n),
        positions: BigInt64Array.of(0n, 1n, 2n, 3n, 2n),
        select: BigInt64Array.of(1n, 2n, 1n),
        targets: BigInt64Array.of(7n, 8n, 9n),
        starts: Int32Array.of(0, 2, 3),
        last: BigInt64Array.of(3n, 4n)
      }
    )
    assert.deepStrictEqual(seenBy(whole, 4, 2), [0, 1, 4])
  })

  it("predicts only what is learned; a layout may predict every token that has one before it", () => {
    const sequence = { ids: Int32Array.of(1, 2, 3, 4), promptLength: 1, learned: Uint8Array.of(0, 1, 0, 1) }
    assert.deepStrictEqual(sheetOf([[sequence]]).targets, BigInt64Array.of(2n, 4n))
    const all = layoutStrip([[sequence]], { predict: "all" })
    assert.deepStrictEqual([all.targets, all.learned], [BigInt64Array.of(2n, 3n, 4n), Uint8Array.of(1, 0, 1)])
  })

  it("lets each token see its own sequence up to itself, whatever the lengths", () => {
    for (let seed = 0; seed < 40; seed++) {
      const examples = seed % 2 === 0 ? examplesOf(seed) : longExamplesOf(seed)
      const sheet = sheetOf(examples, "last")
      // each token comes after those that the one before it sees
      for (let token = 0; token < sheet.size; token++) {
        const position = Number(sheet.positions[token])
        const seen = seenBy(sheet.whole, token, position)
        assert.strictEqual(seen.at(-1), token)
        const before = seen.at(-2)
        if (before !== undefined) assert.deepStrictEqual(seenBy(sheet.whole, before, position - 1), seen.slice(0, -1))
      }
      // and the last one sees the ids of its sequence
      examples.flat().forEach(({ ids }, i) => {
        const seen = seenBy(sheet.chosen, i, ids.length - 1)
        assert.deepStrictEqual(
          seen.map((at) => Number(sheet.ids[at])),
          Array.from(ids)
        )
        assert.deepStrictEqual(seenBy(sheet.whole, Number(sheet.last[i]), ids.length - 1), seen)
      })
    }
  })
})

/** Sequences of several tiles, two to a prompt. */
const longExamplesOf = (seed: number): ReadonlyArray<ReadonlyArray<Sequence>> => {
  const idsOf = (which: number, most: number) =>
    Array.from({ length: 1 + Math.floor(most * uniform(key("long", seed, which), 0)) }, (_, i) => which * 1000 + i)
  return [0, 1].map((example) => {
    const prompt = idsOf(4 * example, 150)
    return [1, 2].map((which) => ({
      ids: Int32Array.from([...prompt, ...idsOf(4 * example + which, 150)]),
      promptLength: prompt.length
    }))
  })
}

describe("membership()", () => {
  it("marks the response tokens of each sequence it is asked for", () => {
    assert.deepStrictEqual(membership(sheetOf(alone), [1, 0]), Float32Array.of(0, 0, 1, 1, 1, 0))
  })

  it("weighs a token by its place in the response", () => {
    const found = membership(sheetOf(alone), [0, 1], (at, start) => (at === start ? 1 : 0.5))
    assert.deepStrictEqual(found, Float32Array.of(1, 0.5, 0, 0, 0, 1))
  })
})
