const bounds = ["1K", "10K", "100K", "1M", "10M", "100M", "1B", "10B", "100B", "1T"]

/**
 * The size category of the hub for a number of rows: "n<1K", "1K<n<10K", … "n>1T".
 *
 * Domain   rows ≥ 0; a bound itself belongs to the category above it.
 */
export const sizeCategory = (rows: number): string => {
  const above = bounds.findIndex((_, i) => rows < 1000 * 10 ** i)
  if (above < 0) return `n>${bounds.at(-1)}`
  return above === 0 ? `n<${bounds[0]}` : `${bounds[above - 1]}<n<${bounds[above]}`
}
