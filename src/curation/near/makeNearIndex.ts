import { spread } from "../text/wordHashes.ts"
import { bandsFor } from "./bandsFor.ts"
import { makeBuckets } from "./makeBuckets.ts"
import { makeSigner } from "./makeSigner.ts"
import { jaccard, type Shingle, shinglesOf } from "./shinglesOf.ts"

/** When two texts are near each other, and how they are looked for. */
export interface NearOptions {
  readonly threshold: number
  readonly shingle: Shingle
  readonly permutations: number
  /** Chosen by the threshold where it is absent. */
  readonly bands?: number
  readonly seed: number
}

/** A text that is near another. Units: `at` counts the texts that were added, from 0; the exact Jaccard similarity. */
export interface Near {
  readonly at: number
  readonly similarity: number
}

const bandHash = (signature: Int32Array, from: number, to: number): number => {
  let hash = 0
  for (let i = from; i < to; i++) hash = spread(hash ^ (signature[i] ?? 0)) + 0x9e3779b9
  return hash | 0
}

/**
 * An index of texts by similarity: candidates share a band of their MinHash signatures, and are near where the Jaccard
 * similarity of their shingles is at least the threshold.
 *
 * Units    memory for each text that was added: 4 bytes for each shingle, 8 to 16 for each band, about 100 beside.
 */
export const makeNearIndex = (options: NearOptions) => {
  const { threshold, permutations, bands = bandsFor(threshold, permutations) } = options
  const rows = Math.max(1, Math.floor(permutations / bands))
  const cut = shinglesOf(options.shingle)
  const sign = makeSigner(permutations, options.seed)
  const buckets = Array.from({ length: bands }, makeBuckets)
  const signature = new Int32Array(permutations)
  const sets: Array<Int32Array> = []
  const seen: Array<number> = []
  let asked = 0

  const nears = function* (set: Int32Array, hashes: ReadonlyArray<number>): Generator<Near> {
    asked++
    for (const [band, bucket] of buckets.entries()) {
      for (let at = bucket.first(hashes[band] ?? 0); at >= 0; at = bucket.before(at)) {
        if (seen[at] === asked) continue
        seen[at] = asked
        const similarity = jaccard(set, sets[at] ?? set)
        if (similarity >= threshold) yield { at, similarity }
      }
    }
  }
  /** A text made ready: the texts near it among those added so far, and how it is added. */
  return (text: string) => {
    const set = cut(text)
    if (set.length === 0) return undefined
    sign(set, signature)
    const hashes = buckets.map((_, band) => bandHash(signature, band * rows, (band + 1) * rows))
    return {
      nears: () => nears(set, hashes),
      add: (): number => {
        buckets.forEach((bucket, band) => bucket.add(hashes[band] ?? 0))
        seen.push(0)
        return sets.push(set) - 1
      }
    }
  }
}
