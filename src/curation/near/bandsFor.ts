/** Share of the pairs at the threshold that have to become candidates. */
const recall = 0.99

/**
 * The chance that two sets share a whole band of their signatures.
 *
 * Source   Leskovec, Rajaraman, Ullman, "Mining of massive datasets", 3.4: 1 − (1 − sʳ)ᵇ.
 */
export const candidateChance = (similarity: number, bands: number, rows: number): number =>
  1 - (1 - similarity ** rows) ** bands

/** The fewest bands, so the fewest false candidates, with which 99 of 100 pairs at the threshold are found. */
export const bandsFor = (threshold: number, permutations: number): number => {
  for (let rows = permutations; rows > 1; rows--) {
    const bands = Math.floor(permutations / rows)
    if (candidateChance(threshold, bands, rows) >= recall) return bands
  }
  return permutations
}
