/**
 * A whole number in parts, as near to the weights as whole parts can be: the largest remainders get what is left.
 *
 * Domain   the parts add up to `total`; equal parts where no weight is positive.
 */
export const shareOut = (total: number, weights: ReadonlyArray<number>): ReadonlyArray<number> => {
  const sum = weights.reduce((all, weight) => all + weight, 0)
  const exact = weights.map((weight) => (sum > 0 ? (total * weight) / sum : total / weights.length))
  const parts = exact.map(Math.floor)
  const left = total - parts.reduce((all, part) => all + part, 0)
  const order = exact.map((part, i) => ({ i, rest: part - Math.floor(part) })).toSorted((a, b) => b.rest - a.rest)
  for (const { i } of order.slice(0, left)) parts[i] = (parts[i] ?? 0) + 1
  return parts
}
