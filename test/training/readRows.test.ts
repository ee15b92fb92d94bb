import { assert, describe, it } from "@effect/vitest"
import { addRows, readRows } from "../../src/training/step/readRows.ts"

const rows = { at: BigInt64Array.of(2n, 0n, 2n), width: 2 }

describe("readRows()", () => {
  it("puts rows one after another, one of them twice, and zeros behind them", () => {
    const read = readRows(Float32Array.of(1, 2, 3, 4, 5, 6), rows, new Float32Array(8).fill(9))
    assert.deepStrictEqual(Array.from(read), [5, 6, 1, 2, 5, 6, 0, 0])
  })

  it("says which row is not there", () => {
    assert.throws(() => readRows(new Float32Array(4), rows, new Float32Array(6)), "Cannot read row 2: there are 2")
  })
})

describe("addRows()", () => {
  it("adds what is sent back to each row, all that is sent to one", () => {
    const onto = Float32Array.of(1, 1, 1, 1, 1, 1)
    addRows(Float32Array.of(10, 20, 30, 40, 50, 60, 70, 80), rows, onto)
    assert.deepStrictEqual(Array.from(onto), [31, 41, 1, 1, 61, 81])
  })
})
