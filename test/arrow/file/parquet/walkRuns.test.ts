import { assert, describe, it } from "@effect/vitest"
import { RunsBroken, walkRuns } from "../../../../src/arrow/file/parquet/walkRuns.ts"

const count = (bytes: ReadonlyArray<number>, values: number, width = 1, largest = 1) =>
  walkRuns({ bytes: Uint8Array.from(bytes), start: 0, end: bytes.length, width, count: values, largest }, largest)

describe("walkRuns()", () => {
  it("counts repeated values and packed ones, over what fills the last run up", () => {
    assert.strictEqual(count([3 << 1, 1], 3), 3) // three times 1
    assert.strictEqual(count([3 << 1, 0], 3), 0)
    assert.strictEqual(count([(1 << 1) | 1, 0b1111_0101], 3), 2) // 1, 0, 1, and five that are not asked for
    assert.strictEqual(count([2 << 1, 1, (1 << 1) | 1, 0b0000_0010], 4), 3) // 1, 1, then 0, 1
    assert.strictEqual(count([(1 << 1) | 1, 0b00_10_01_10, 0], 3, 2, 2), 2) // 2, 1, 2 in two bits each
  })

  it("refuses runs beyond the values, beyond the bytes, and values beyond the largest", () => {
    assert.throws(() => count([4 << 1, 1], 3), RunsBroken)
    assert.throws(() => count([0xfe, 0xff, 0xff, 0xff, 0x0f, 1], 3), RunsBroken) // two thousand million times 1
    assert.throws(() => count([(1 << 1) | 1], 3), RunsBroken)
    assert.throws(() => count([3 << 1, 2], 3), RunsBroken)
    assert.throws(() => count([(1 << 1) | 1, 0b11, 0], 3, 2, 2), RunsBroken)
    assert.throws(() => count([0x80, 0x80], 3), RunsBroken)
  })
})
