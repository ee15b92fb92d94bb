import { type Agreement, agreementOf } from "./cohenKappa.ts"
import { mean } from "./mean.ts"

const countsOf = <A>(labels: ReadonlyArray<A>): ReadonlyArray<number> =>
  [...Map.groupBy(labels, (label) => label).values()].map(({ length }) => length)

/** The share of pairs of judges who gave one thing the same label. */
const pairsAgreeing = (labels: ReadonlyArray<unknown>): number =>
  countsOf(labels).reduce((sum, n) => sum + n * (n - 1), 0) / (labels.length * (labels.length - 1))

/**
 * Fleiss' kappa: the agreement of several judges, each thing labelled by the same number of them.
 *
 * Source   Fleiss, "Measuring nominal scale agreement among many raters" (1971): pₒ is the mean share of pairs of judges
 *          that agree about a thing, pₑ the sum of the squared shares of all labels.
 * Domain   At least one thing; at least two labels of each, as many of each.
 */
export const fleissKappa = <A>(things: ReadonlyArray<ReadonlyArray<A>>): Agreement => {
  const all = things.flat()
  const expected = countsOf(all).reduce((sum, n) => sum + (n / all.length) ** 2, 0)
  return agreementOf(mean(things.map(pairsAgreeing)), expected)
}
