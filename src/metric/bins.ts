/** The least whole number of 1, 2, 5, 10, 20, 25, 50, 100 … that is at least `width`. */
const roundStep = (width: number): number => {
  const power = 10 ** Math.max(0, Math.floor(Math.log10(width)))
  const steps = [1, 2, 2.5, 5, 10].map((factor) => factor * power).filter(Number.isInteger)
  return steps.find((step) => step >= width) ?? 10 * power
}

/**
 * Edges from 0 by a round step to where the largest number is covered: at most `most` bins.
 *
 * Domain   Numbers ≥ 0; `most` ≥ 1; steps are whole numbers.
 */
export const roundEdges = (largest: number, most: number): ReadonlyArray<number> => {
  const step = roundStep(Math.max(largest, 1) / most)
  return Array.from({ length: Math.max(1, Math.ceil(largest / step)) + 1 }, (_, i) => i * step)
}

/** Edges of `count` bins of one width from −1 to 1. */
export const coefficientEdges = (count: number): ReadonlyArray<number> =>
  Array.from({ length: count + 1 }, (_, i) => (2 * i - count) / count)

/** The bin between whose edges x lies, the lower edge its own; the last bin holds its upper edge too. */
export const binOf = (edges: ReadonlyArray<number>, x: number): number => {
  const above = edges.findIndex((edge) => edge > x)
  return above < 0 ? edges.length - 2 : above - 1
}
