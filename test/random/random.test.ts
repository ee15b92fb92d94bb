import { assert, describe, it } from "@effect/vitest"
import { key, normal, permutation, threefry, uniform } from "../../src/random/mod.ts"

describe("threefry()", () => {
  it("gives the published known answers of Threefry-2x32-20", () => {
    assert.deepStrictEqual(threefry([0, 0], [0, 0]), [0x6b200159, 0x99ba4efe])
    assert.deepStrictEqual(threefry([0xffffffff, 0xffffffff], [0xffffffff, 0xffffffff]), [0x1cb996fc, 0xbb002be7])
    assert.deepStrictEqual(threefry([0x13198a2e, 0x03707344], [0x243f6a88, 0x85a308d3]), [0xc4923a9c, 0x483df7a0])
  })
})

describe("key()", () => {
  it("differs between a number and its text, between orders, and between neighbours", () => {
    const keys = [key(1), key("1"), key(1, 2), key(2, 1), key("ab"), key("ba"), key("a"), key("a", 0), key(0, "a")]
    assert.strictEqual(new Set(keys.map(String)).size, keys.length)
  })
})

const draws = Array.from({ length: 20_000 }, (_, i) => i)

describe("uniform()", () => {
  it("fills ten bins evenly: chi-square below the 99.9 % point for 9 degrees of freedom", () => {
    const bins = draws.reduce(
      (counts, i) => {
        const bin = Math.floor(uniform(key(7), i) * 10)
        return counts.with(bin, (counts[bin] ?? 0) + 1)
      },
      Array.from({ length: 10 }, () => 0)
    )
    const expected = draws.length / 10
    assert.isBelow(
      bins.reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0),
      27.88
    )
  })
})

describe("normal()", () => {
  it("has mean 0, variance 1 and the shares of the normal distribution, within four standard errors", () => {
    const values = draws.map((i) => normal(key(7), i))
    const mean = values.reduce((sum, x) => sum + x, 0) / values.length
    const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length
    assert.isBelow(Math.abs(mean), 4 / Math.sqrt(values.length))
    assert.isBelow(Math.abs(variance - 1), 4 * Math.sqrt(2 / values.length))
    for (const [below, share] of [
      [-2, 0.02275],
      [-1, 0.15866],
      [0, 0.5],
      [1, 0.84134],
      [2, 0.97725]
    ] as const) {
      const found = values.filter((x) => x < below).length / values.length
      assert.isBelow(Math.abs(found - share), 4 * Math.sqrt((share * (1 - share)) / values.length), `below ${below}`)
    }
  })
})

describe("permutation()", () => {
  it("gives each order of four as often: chi-square below the 99.9 % point for 23 degrees of freedom", () => {
    const counts = new Map<string, number>()
    const expected = 200
    for (let i = 0; i < 24 * expected; i++) {
      const order = permutation(key("orders", i), 4).join("")
      counts.set(order, (counts.get(order) ?? 0) + 1)
    }
    assert.strictEqual(counts.size, 24)
    assert.isBelow(
      [...counts.values()].reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0),
      49.73
    )
  })

  it("holds every index once, and is not the identity", () => {
    const order = [...permutation(key(3), 100)]
    assert.notDeepEqual(
      order,
      order.toSorted((a, b) => a - b)
    )
    assert.deepStrictEqual(
      order.toSorted((a, b) => a - b),
      Array.from({ length: 100 }, (_, i) => i)
    )
  })
})
