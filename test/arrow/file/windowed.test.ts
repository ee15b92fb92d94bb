import { assert, describe, it } from "@effect/vitest"
import { windowed } from "../../../src/arrow/file/ipc/windowed.ts"

const size = 300_000
const content = Uint8Array.from({ length: size }, (_, i) => (i * i) >> 3)

/** Ranges of the content, and where those began that were read. */
const counted = (bytes = content) => {
  const starts: Array<number> = []
  const ranges = windowed({
    size: bytes.length,
    read: async (start, length) => {
      starts.push(start)
      return bytes.subarray(start, start + length)
    }
  })
  return { starts, ranges }
}

describe("windowed()", () => {
  it("gives the bytes of each range, fewer at the end", async () => {
    const { ranges } = counted()
    const asked = [0, 8, 70_000, 69_999, 299_990, 250_000, 1, 299_999, 300_000].flatMap((start) =>
      [0, 1, 24, 65_535, 65_536, 100_000].map((length) => ({ start, length }))
    )
    for (const { start, length } of asked)
      assert.deepStrictEqual(await ranges.read(start, length), content.slice(start, start + length))
  })

  it("reads once for small ranges that lie close to each other, and for a file that is small", async () => {
    const { ranges, starts } = counted()
    for (const [start, length] of [
      [299_990, 10],
      [299_000, 990],
      [8, 4],
      [12, 4],
      [16, 500],
      [40_000, 200]
    ] as const)
      await ranges.read(start, length)
    assert.deepStrictEqual(starts, [size - 65_536, 8])
    const small = counted(content.subarray(0, 1000))
    for (const start of [990, 0, 8, 500]) await small.ranges.read(start, 10)
    assert.deepStrictEqual(small.starts, [0])
  })
})
