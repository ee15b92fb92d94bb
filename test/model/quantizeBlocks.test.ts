import { assert, describe, it } from "@effect/vitest"
import { quantizeBlocks } from "../../src/model/mod.ts"

/** A row whose first values are these and whose others are 0. */
const row = (width: number, ...first: ReadonlyArray<number>): Float32Array =>
  Float32Array.from({ length: width }, (_, i) => first[i] ?? 0)

const filled = (length: number, value: number, ...first: ReadonlyArray<number>): ReadonlyArray<number> =>
  Array.from({ length }, (_, i) => first[i] ?? value)

describe("quantizeBlocks()", () => {
  it("keeps whole numbers from −8 to 7 as they are in four bits, two in a byte, the first below", () => {
    const { quantized, scales } = quantizeBlocks(row(32, -8, 7, 0, 1, -1), 1, 4)
    // −8 → 0, 7 → 15, 0 → 8, 1 → 9, −1 → 7: bytes 15·16 + 0, 9·16 + 8, 8·16 + 7, and 8·16 + 8 for two zeros
    assert.deepStrictEqual([Array.from(quantized), Array.from(scales)], [filled(16, 0x88, 0xf0, 0x98, 0x87), [1]])
  })

  it("takes the scale with the sign of the extreme value, so that it is the lowest number", () => {
    const { quantized, scales } = quantizeBlocks(row(32, 4, -3.5), 1, 4)
    // 4 = (0 − 8)·(−0.5), −3.5 = (15 − 8)·(−0.5)
    assert.deepStrictEqual([Array.from(quantized), Array.from(scales)], [filled(16, 0x88, 0xf0), [-0.5]])
  })

  it("moves the scale of four bits to where the squared error is least", () => {
    const { quantized, scales } = quantizeBlocks(row(32, 7, -7, 3), 1, 4)
    // divided by −8 the scale were −7/8, and −7, 8 of its steps, were cut to 7; by −7 it is −1, and all three are whole
    assert.deepStrictEqual([Array.from(quantized), Array.from(scales)], [filled(16, 0x88, 0xf1, 0x85), [-1]])
  })

  it("keeps whole numbers from −128 to 127 as they are in eight bits, and zeros where a block is not full", () => {
    const { quantized, scales } = quantizeBlocks(Float32Array.of(-128, 127, 3, 0, 64, -128), 2, 8)
    const blocks = [...filled(32, 128, 0, 255, 131), ...filled(32, 128, 128, 192, 0)]
    assert.deepStrictEqual([Array.from(quantized), Array.from(scales)], [blocks, [1, 1]])
  })

  it("gives the middle with scale 0 where all values are 0, and each block of a row its own scale", () => {
    const { quantized, scales } = quantizeBlocks(row(96, ...filled(64, 0), -2), 1, 8)
    assert.deepStrictEqual(
      [Array.from(quantized), Array.from(scales, Math.abs)],
      [
        [...filled(64, 128), ...filled(32, 128, 0)],
        [0, 0, 2 / 128]
      ]
    )
  })
})
