import { normalWords, spread, wordHashes } from "../text/wordHashes.ts"

/** What texts are cut into: runs of `size` words, or of `size` code points of the normal words. */
export interface Shingle {
  readonly of: "words" | "characters"
  readonly size: number
}

const unitsOf = (text: string, of: Shingle["of"]): Int32Array =>
  of === "words"
    ? wordHashes(text)
    : Int32Array.from(Array.from(normalWords(text).join(" ")), (one) => spread(one.codePointAt(0) ?? 0))

/** Sorts, and leaves each value once. */
const distinct = (values: Int32Array): Int32Array => {
  values.sort()
  let count = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0
    if (i === 0 || value !== values[i - 1]) values[count++] = value
  }
  return values.slice(0, count)
}

/**
 * The set of shingles of a text, each as a 32-bit hash, in rising order; a shorter text is one shingle.
 *
 * Domain   a text without a letter or digit has none.
 */
export const shinglesOf =
  ({ of, size }: Shingle) =>
  (text: string): Int32Array => {
    const units = unitsOf(text, of)
    if (units.length === 0) return units
    const width = Math.min(size, units.length)
    const hashes = new Int32Array(units.length - width + 1)
    for (let i = 0; i < hashes.length; i++) {
      let hash = 0
      for (let j = i; j < i + width; j++) hash = Math.imul(hash, 31) + (units[j] ?? 0)
      hashes[i] = spread(hash)
    }
    return distinct(hashes)
  }

/** |A ∩ B| / |A ∪ B| of two sets in rising order; 0 where both are empty. */
export const jaccard = (a: Int32Array, b: Int32Array): number => {
  let shared = 0
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const x = a[i] ?? 0
    const y = b[j] ?? 0
    if (x === y) shared++
    if (x <= y) i++
    if (y <= x) j++
  }
  const union = a.length + b.length - shared
  return union === 0 ? 0 : shared / union
}
