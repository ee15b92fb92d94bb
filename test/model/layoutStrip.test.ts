import { assert, describe, it } from "@effect/vitest"
import { layoutStrip, longestRow, membership } from "../../src/model/mod.ts"

const sequence = (length: number, promptLength: number, first: number) => ({
  ids: Int32Array.from({ length }, (_, i) => first + i),
  promptLength
})

const none = { from: 0, tokens: 0 }
const learned = { predict: "learned" } as const

describe("layoutStrip()", () => {
  it("lets short examples share a row and fills it up to a multiple of 4", () => {
    const strip = layoutStrip([[sequence(3, 1, 10)], [sequence(2, 1, 20)]], learned)
    const { size, bands, ids, positions, document, select, starts } = strip
    assert.deepStrictEqual(
      { size, bands, ids, positions, document, select, starts },
      {
        size: 8,
        bands: [{ from: 0, rows: 1, tokens: 8, prefix: none }],
        ids: BigInt64Array.of(10n, 11n, 12n, 20n, 21n, 0n, 0n, 0n),
        positions: BigInt64Array.of(0n, 1n, 2n, 0n, 1n, 0n, 0n, 0n),
        document: BigInt64Array.of(0n, 0n, 0n, 1n, 1n, -1n, -1n, -1n),
        select: BigInt64Array.of(0n, 1n, 3n),
        starts: Int32Array.of(0, 2, 3)
      }
    )
  })

  it("gives long examples rows of their own length, longest first, equal ones in one band", () => {
    const { size, bands, last } = layoutStrip(
      [300, 401, 299, 10].map((length, i) => [sequence(length, 1, i)]),
      learned
    )
    assert.deepStrictEqual(bands, [
      { from: 0, rows: 1, tokens: 404, prefix: none },
      { from: 404, rows: 2, tokens: 300, prefix: none },
      { from: 1004, rows: 1, tokens: 12, prefix: none }
    ])
    assert.deepStrictEqual([size, last], [1016, BigInt64Array.of(703n, 400n, 1002n, 1013n)])
  })

  it("writes a shared prompt once and counts what stands", () => {
    const chosen = { ids: Int32Array.of(5, 6, 7, 8), promptLength: 2 }
    const rejected = { ids: Int32Array.of(5, 6, 9), promptLength: 2 }
    const strip = layoutStrip([[chosen, rejected]], learned)
    assert.deepStrictEqual(
      [strip.size, strip.filled, strip.branch, membership(strip, [1])],
      [8, 5, BigInt64Array.of(0n, 0n, 1n, 1n, 2n, 0n, 0n, 0n), Float32Array.of(0, 0, 1)]
    )
  })

  it("cuts a long tree: its first sequence stands with what is shared, each other one in a row that has it as prefix", () => {
    const { bands, size, positions, branch, select, starts } = layoutStrip(
      [[sequence(301, 101, 0), sequence(251, 101, 0)]],
      learned
    )
    assert.deepStrictEqual(bands, [
      { from: 0, rows: 1, tokens: 304, prefix: none }, // 101 + 200, up to a multiple of 4
      { from: 304, rows: 1, tokens: 152, prefix: { from: 0, tokens: 101 } }
    ])
    assert.deepStrictEqual([size, positions[304], branch[303], branch[304]], [456, 101n, 0n, 2n])
    // the first own token of each is predicted from the last shared one, the second from the first own
    const first = starts[1] ?? 0
    assert.deepStrictEqual([...select.slice(0, 2), ...select.slice(first, first + 2)], [100n, 101n, 100n, 304n])
  })

  it("has no row beyond longestRow()", () => {
    assert.deepStrictEqual([longestRow(1), longestRow(257), longestRow(404)], [256, 260, 404])
  })
})
