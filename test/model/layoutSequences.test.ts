import { assert, describe, it } from "@effect/vitest"
import { layoutSequences, membership } from "../../src/model/mod.ts"

const sequences = [
  { ids: Int32Array.of(5, 6, 7, 8), promptLength: 2 },
  { ids: Int32Array.of(9, 10), promptLength: 1 }
]

describe("layoutSequences()", () => {
  it("pads on the right and points at the token before each response token", () => {
    assert.deepStrictEqual(layoutSequences(sequences), {
      rows: 2,
      tokens: 4,
      ids: BigInt64Array.of(5n, 6n, 7n, 8n, 9n, 10n, 0n, 0n),
      select: BigInt64Array.of(1n, 2n, 4n),
      targets: BigInt64Array.of(7n, 8n, 10n),
      starts: Int32Array.of(0, 2, 3),
      last: BigInt64Array.of(3n, 5n)
    })
  })
})

describe("membership()", () => {
  it("marks the response tokens of each row it is asked for", () => {
    assert.deepStrictEqual(membership(layoutSequences(sequences), [1, 0]), Float32Array.of(0, 0, 1, 1, 1, 0))
  })
})
