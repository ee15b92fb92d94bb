import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { clusterVectors, defaultTopics, keywords, project, type Vectors } from "../../src/embedding/mod.ts"
import { key, normal } from "../../src/random/mod.ts"
import { distance } from "../recordings.ts"

const vectorsOf = (rows: ReadonlyArray<ReadonlyArray<number>>): Vectors => ({
  count: rows.length,
  width: rows[0]?.length ?? 0,
  values: Float32Array.from(rows.flat())
})

const chance = key(0, "test")

/** Three groups of points around the axes of four dimensions; point i belongs to group i mod 3. */
const groups = (count: number) =>
  vectorsOf(
    Array.from({ length: count }, (_, i) =>
      [0, 1, 2, 3].map((axis) => (axis === i % 3 ? 1 : 0) + 0.02 * normal(chance, i * 4 + axis))
    )
  )

/** The share of points whose nearest other point on the plane is of their own group. */
const neighbourly = (places: Float64Array): number => {
  const count = places.length / 2
  const at = (i: number) => places.subarray(i * 2, i * 2 + 2)
  const far = (i: number, j: number) => Math.hypot((at(i)[0] ?? 0) - (at(j)[0] ?? 0), (at(i)[1] ?? 0) - (at(j)[1] ?? 0))
  const all = Array.from({ length: count }, (_, i) => i)
  const own = all.filter((i) => {
    const nearest = all
      .filter((j) => j !== i)
      .reduce((best, j) => (far(i, j) < far(i, best) ? j : best), (i + 1) % count)
    return nearest % 3 === i % 3
  })
  return own.length / count
}

describe("project()", () => {
  it.effect("keeps neighbours, those that were put in later too, and gives the same bytes for the same seed", () =>
    Effect.gen(function* () {
      const vectors = groups(90)
      const shares: Array<readonly [string, number]> = []
      const options = { seed: 1, neighbours: 8, fitted: 60 }
      const first = yield* project(vectors, {
        ...options,
        onStep: (part, share) => Effect.sync(() => void shares.push([part, share]))
      })
      assert.deepStrictEqual([first.method, first.fitted], ["umap", 60])
      assert.isAbove(neighbourly(first.places), 0.95)
      assert.deepStrictEqual(shares.at(-1), ["rest", 1])
      assert.deepStrictEqual(yield* project(vectors, options), first)
      const other = yield* project(vectors, { ...options, seed: 2 })
      assert.notDeepEqual(other.places, first.places)
    })
  )

  it.effect("puts too few vectors on their principal components", () =>
    Effect.gen(function* () {
      // four points on a cross: 3 along the second axis, 1 along the first
      const cross = [
        [5, 3, 1],
        [5, -3, 1],
        [6, 0, 1],
        [4, 0, 1]
      ]
      const { method, places } = yield* project(vectorsOf(cross), { seed: 0 })
      assert.strictEqual(method, "principal components")
      const [x = 0, , , , , y = 0] = places // signs are free
      const [a, b] = [3 * Math.sign(x), Math.sign(y)]
      assert.isBelow(distance(places, [a, 0, -a, 0, 0, b, 0, -b]), 1e-9) // 100 steps of ratio 1/9 leave only rounding
      const one = yield* project(vectorsOf([[1, 2]]), { seed: 0 })
      assert.deepStrictEqual(Array.from(one.places), [0, 0])
    })
  )
})

describe("clusterVectors()", () => {
  it.effect("finds the groups, the largest first, whatever the seed", () =>
    Effect.gen(function* () {
      // 2, 6 and 4 points around three axes, in the order of their groups
      const members = [0, 0, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2]
      const vectors = vectorsOf(
        members.map((group, i) => [0, 1, 2].map((axis) => Number(axis === group) + 0.02 * normal(chance, i * 3 + axis)))
      )
      for (const seed of [0, 1, 2]) {
        const found = yield* clusterVectors(vectors, { clusters: 3, seed })
        assert.deepStrictEqual(
          Array.from(found),
          members.map((group) => [2, 0, 1][group])
        )
      }
    })
  )

  it.effect("makes no more clusters than there are distinct vectors", () =>
    Effect.gen(function* () {
      const same = vectorsOf([
        [1, 0],
        [1, 0],
        [0, 1]
      ])
      const none = { count: 0, width: 2, values: new Float32Array(0) }
      assert.deepStrictEqual(Array.from(yield* clusterVectors(same, { clusters: 9, seed: 0 })), [0, 0, 1])
      assert.deepStrictEqual((yield* clusterVectors(none, { clusters: 3, seed: 0 })).length, 0)
    })
  )
})

it("defaultTopics() is the root of half the texts, from 1 to 20", () => {
  assert.deepStrictEqual([0, 1, 5, 8, 200, 100_000].map(defaultTopics), [1, 1, 2, 2, 10, 20])
})

it("keywords() takes what tells a class from the others, and no word that is used everywhere", () => {
  // counted once in each text: oak 2, please 1, name 1; please 2, sum 2; so A = 8/2
  // oak 2·ln(1 + 4/2) = 2.2, name ln(1 + 4/1) = 1.6, please ln(1 + 4/3) = 0.8; sum 2.2, please 2·0.8 = 1.7
  const classes = [
    ["Please name the oak", "What is an OAK? oak oak"],
    ["Please sum it", "please, sum it"]
  ]
  assert.deepStrictEqual(keywords(classes, { perClass: 2 }), [
    ["oak", "name"],
    ["sum", "please"]
  ])
  // equal words by the alphabet; a single letter is no word
  assert.deepStrictEqual(keywords([["pine q oak elm"]], { perClass: 9 }), [["elm", "oak", "pine"]])
})
