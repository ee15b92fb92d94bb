import { key, threefry } from "../../random/mod.ts"

/**
 * Signatures of sets: the least value of the set under each of `permutations` seeded orders of the 32-bit numbers.
 *
 * Source   Broder, "On the resemblance and containment of documents" (1997): two sets agree at a place of their signatures
 *          with a chance equal to their Jaccard similarity.
 */
export const makeSigner = (permutations: number, seed: number) => {
  const chance = key(seed, "minHash")
  const words = Array.from({ length: permutations }, (_, i) => threefry(chance, [i, 0]))
  const factors = Int32Array.from(words, ([word]) => word | 1) // odd: a bijection of the 32-bit numbers
  const offsets = Int32Array.from(words, ([, word]) => word)
  return (set: Int32Array, signature: Int32Array): void => {
    for (let p = 0; p < permutations; p++) {
      const factor = factors[p] ?? 1
      const offset = offsets[p] ?? 0
      let least = 0x7fffffff
      for (let i = 0; i < set.length; i++) {
        let x = Math.imul((set[i] ?? 0) ^ offset, factor)
        x = Math.imul(x ^ (x >>> 15), 0x2c1b3c6d)
        x ^= x >>> 13
        if (x < least) least = x
      }
      signature[p] = least
    }
  }
}
