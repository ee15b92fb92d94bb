import { key, poisson } from "../random/mod.ts"
import { type ShareInterval, wilson } from "./wilson.ts"

/** A share over clusters, such as the pairs of one prompt. */
export interface ClusterShare extends ShareInterval {
  readonly clusters: number
}

/** Resamples, and how many of them lie outside of the interval on each side: 2.5 %. */
const resamples = 1000
const outside = 25

/**
 * How many of how many things were counted, by clusters of things that hang together. Clusters that count the same are one entry,
 * so that memory and time do not grow with their number.
 */
export class ClusterCounts {
  readonly #kinds = new Map<string, { readonly count: number; readonly of: number; clusters: number }>()
  count = 0
  of = 0
  clusters = 0

  /** Adds a cluster; one without things is none. */
  add(count: number, of: number): void {
    if (of === 0) return
    const name = `${count}/${of}`
    const kind = this.#kinds.get(name) ?? { count, of, clusters: 0 }
    kind.clusters++
    this.#kinds.set(name, kind)
    this.count += count
    this.of += of
    this.clusters++
  }

  /**
   * The share of what was counted, with its 95 % interval from a bootstrap of clusters; undefined where there is none. Where all
   * clusters have the same share, that of Wilson with as many things as clusters.
   *
   * Source   Percentile interval: Efron and Tibshirani, "An introduction to the bootstrap" (1993), chapter 13. Whole clusters are
   *          drawn, each as often as a Poisson number of mean 1 says: Chamandy et al., "Estimating uncertainty for massive data
   *          streams" (2012).
   * Domain   the same clusters give the same interval, in whatever order they come.
   */
  share(): ClusterShare | undefined {
    const { clusters, count, of } = this
    if (of === 0) return undefined
    const share = count / of
    const kinds = [...this.#kinds.values()].toSorted((a, b) => a.of - b.of || a.count - b.count)
    if (kinds.every((kind) => kind.count * of === count * kind.of)) {
      const { high, low } = wilson(share * clusters, clusters)
      return { count, of, share, low, high, clusters }
    }
    const chances = kinds.map((_, i) => key(0, "clusters", i))
    const shares = Float64Array.from({ length: resamples }, (_, round) => {
      let [counted, all] = [0, 0]
      for (const [i, kind] of kinds.entries()) {
        const drawn = poisson(chances[i] ?? [0, 0], round, kind.clusters)
        counted += drawn * kind.count
        all += drawn * kind.of
      }
      return all === 0 ? share : counted / all
    }).sort()
    return { count, of, share, low: shares[outside] ?? 0, high: shares[resamples - 1 - outside] ?? 1, clusters }
  }
}
