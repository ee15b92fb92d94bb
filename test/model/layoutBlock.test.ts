import { assert, describe, it } from "@effect/vitest"
import { layoutBlock, membership } from "../../src/model/mod.ts"

const sequences = [
  { ids: Int32Array.of(5, 6, 7, 8), promptLength: 2 },
  { ids: Int32Array.of(9, 10), promptLength: 1 }
]

const alone = sequences.map((sequence) => [sequence])

describe("layoutBlock()", () => {
  it("fills rows with whole examples and points at the token before each response token", () => {
    assert.deepStrictEqual(layoutBlock(alone), {
      rows: 2,
      tokens: 4,
      ids: BigInt64Array.of(5n, 6n, 7n, 8n, 9n, 10n, 0n, 0n),
      positions: BigInt64Array.of(0n, 1n, 2n, 3n, 0n, 1n, 0n, 0n),
      document: BigInt64Array.of(0n, 0n, 0n, 0n, 0n, 0n, -1n, -1n),
      branch: BigInt64Array.of(1n, 1n, 1n, 1n, 1n, 1n, 0n, 0n),
      select: BigInt64Array.of(1n, 2n, 4n),
      targets: BigInt64Array.of(7n, 8n, 10n),
      learned: Uint8Array.of(1, 1, 1),
      starts: Int32Array.of(0, 2, 3),
      last: BigInt64Array.of(3n, 5n),
      filled: 6
    })
  })

  it("puts two examples into one row when they fit, positions starting again", () => {
    const { rows, tokens, ids, positions, document, select } = layoutBlock(alone, { capacity: 6 })
    assert.deepStrictEqual(
      { rows, tokens, ids, positions, document, select },
      {
        rows: 1,
        tokens: 6,
        ids: BigInt64Array.of(5n, 6n, 7n, 8n, 9n, 10n),
        positions: BigInt64Array.of(0n, 1n, 2n, 3n, 0n, 1n),
        document: BigInt64Array.of(0n, 0n, 0n, 0n, 1n, 1n),
        select: BigInt64Array.of(1n, 2n, 4n)
      }
    )
  })

  it("writes a prompt that two responses share once; both are predicted from its last token", () => {
    const chosen = { ids: Int32Array.of(5, 6, 7, 8), promptLength: 2 }
    const rejected = { ids: Int32Array.of(5, 6, 9), promptLength: 2 }
    const { ids, positions, branch, select, targets, starts, last } = layoutBlock([[chosen, rejected]])
    assert.deepStrictEqual(
      { ids, positions, branch, select, targets, starts, last },
      {
        ids: BigInt64Array.of(5n, 6n, 7n, 8n, 9n),
        positions: BigInt64Array.of(0n, 1n, 2n, 3n, 2n),
        branch: BigInt64Array.of(0n, 0n, 1n, 1n, 2n),
        select: BigInt64Array.of(1n, 2n, 1n),
        targets: BigInt64Array.of(7n, 8n, 9n),
        starts: Int32Array.of(0, 2, 3),
        last: BigInt64Array.of(3n, 4n)
      }
    )
  })

  it("keeps responses apart whose prompts differ", () => {
    const { rows, ids } = layoutBlock([sequences])
    assert.deepStrictEqual([rows, ids], [2, BigInt64Array.of(5n, 6n, 7n, 8n, 9n, 10n, 0n, 0n)])
  })

  it("predicts only what is learned, or every token that has one before it", () => {
    const sequence = { ids: Int32Array.of(1, 2, 3, 4), promptLength: 1, learned: Uint8Array.of(0, 1, 0, 1) }
    assert.deepStrictEqual(layoutBlock([[sequence]]).targets, BigInt64Array.of(2n, 4n))
    const all = layoutBlock([[sequence]], { predict: "all" })
    assert.deepStrictEqual([all.targets, all.learned], [BigInt64Array.of(2n, 3n, 4n), Uint8Array.of(1, 0, 1)])
  })
})

describe("membership()", () => {
  it("marks the response tokens of each sequence it is asked for", () => {
    assert.deepStrictEqual(membership(layoutBlock(alone), [1, 0]), Float32Array.of(0, 0, 1, 1, 1, 0))
  })

  it("weighs a token by its place in the response", () => {
    const found = membership(layoutBlock(alone), [0, 1], (at, start) => (at === start ? 1 : 0.5))
    assert.deepStrictEqual(found, Float32Array.of(1, 0.5, 0, 0, 0, 1))
  })
})
