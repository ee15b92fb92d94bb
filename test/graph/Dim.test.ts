import { assert, describe, it } from "@effect/vitest"
import { addDims, canonicalDim, type Dim, GraphError, multiplyDims, subtractDims } from "../../src/graph/mod.ts"

describe("canonicalDim()", () => {
  const spellings: ReadonlyArray<readonly [Dim, Dim]> = [
    [3, 3],
    ["rows", "rows"],
    ["tokens*rows", "rows*tokens"],
    ["rows*2*tokens*3", "6*rows*tokens"],
    ["1*rows", "rows"],
    ["rows + rows", "2*rows"],
    ["rows-rows+4", 4],
    ["b+a-1+3", "a+b+2"],
    ["-1+tokens", "tokens-1"],
    ["0*rows", 0]
  ]
  for (const [written, wanted] of spellings) {
    it(`spells ${JSON.stringify(written)} as ${JSON.stringify(wanted)}`, () => {
      assert.strictEqual(canonicalDim(written), wanted)
      assert.strictEqual(canonicalDim(wanted), wanted)
    })
  }

  for (const wrong of [1.5, Number.NaN, "", "rows*", "2rows", "rows/2", "ro ws?"]) {
    it(`refuses ${JSON.stringify(wrong)} (${wrong})`, () => {
      assert.throws(() => canonicalDim(wrong), GraphError, /Cannot read a dimension/)
    })
  }
})

describe("arithmetic of dimensions", () => {
  it("multiplies out", () => {
    assert.strictEqual(multiplyDims(["rows+1", "rows-1"]), "rows*rows-1")
    assert.strictEqual(multiplyDims([]), 1)
    assert.strictEqual(multiplyDims(["rows", 0]), 0)
  })
  it("adds and subtracts", () => {
    assert.strictEqual(addDims(["tokens", "tokens", 2]), "2*tokens+2")
    assert.strictEqual(addDims([]), 0)
    assert.strictEqual(subtractDims("tokens", "tokens"), 0)
    assert.strictEqual(subtractDims(3, "tokens"), "-tokens+3")
  })
})
