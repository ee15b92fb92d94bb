import { Effect } from "effect"
import { kmeansGenerator } from "ml-kmeans"
import { key, uniform } from "../random/mod.ts"
import type { Vectors } from "./Encoder.ts"

/** Rounds after which clusters are taken as they are. */
const maxIterations = 50

/** No number of topics is given: about the root of half the texts, at most 20, which a legend still holds. */
export const defaultTopics = (count: number): number => Math.max(1, Math.min(20, Math.round(Math.sqrt(count / 2))))

const squaredDistance = (a: ReadonlyArray<number>, b: ReadonlyArray<number>): number =>
  a.reduce((sum, x, i) => sum + (x - (b[i] ?? 0)) ** 2, 0)

/** The first index at which the running sum of `weights` passes a share of the whole. */
const drawn = (weights: Float64Array, share: number): number => {
  const target = share * weights.reduce((sum, x) => sum + x, 0)
  let sum = 0
  return weights.findIndex((x) => (sum += x) > target)
}

/**
 * Centres to start from: each drawn with a chance that grows with the square of its distance to the nearest before it.
 *
 * Source   Arthur and Vassilvitskii, "k-means++" (SODA 2007). Fewer than `clusters` where the rows are fewer distinct ones.
 */
const startingCentres = Effect.fnUntraced(function* (
  rows: ReadonlyArray<Array<number>>,
  clusters: number,
  seed: number
) {
  const chance = key(seed, "clusters")
  const distances = new Float64Array(rows.length).fill(1)
  const centres: Array<Array<number>> = []
  while (centres.length < clusters) {
    const centre = rows[drawn(distances, uniform(chance, centres.length))]
    if (!centre) break
    centres.push(centre)
    yield* Effect.yieldNow
    rows.forEach((row, i) => {
      const near = squaredDistance(row, centre)
      distances[i] = centres.length === 1 ? near : Math.min(distances[i] ?? 0, near)
    })
  }
  return centres
})

/** The clusters after the last round; others may want the thread between two. */
const clustersOf = Effect.fnUntraced(function* (rows: Array<Array<number>>, centres: Array<Array<number>>) {
  let clusters: ReadonlyArray<number> = []
  for (const round of kmeansGenerator(rows, centres.length, { initialization: centres, maxIterations })) {
    clusters = round.clusters
    yield* Effect.yieldNow
  }
  return clusters
})

/**
 * Which cluster each vector is in, the largest called 0; a pure function of vectors, number and seed.
 *
 * Source   Lloyd's k-means. Domain: at most as many clusters as there are distinct vectors.
 */
export const clusterVectors = Effect.fn("clusterVectors")(function* (
  { count, values, width }: Vectors,
  options: { readonly clusters: number; readonly seed: number }
) {
  const rows = Array.from({ length: count }, (_, i) => Array.from(values.subarray(i * width, (i + 1) * width)))
  const centres = yield* startingCentres(rows, options.clusters, options.seed)
  if (centres.length === 0) return new Int32Array(0)
  const clusters = yield* clustersOf(rows, centres)
  const sizes = new Map<number, number>()
  for (const cluster of clusters) sizes.set(cluster, (sizes.get(cluster) ?? 0) + 1)
  const ranked = [...sizes].toSorted(([a, m], [b, n]) => n - m || a - b).map(([cluster]) => cluster)
  return Int32Array.from(clusters, (cluster) => ranked.indexOf(cluster))
})
