/**
 * How far judges agree beyond chance.
 *
 * Source   κ = (pₒ − pₑ)/(1 − pₑ)
 * Domain   `observed` pₒ and `expected` pₑ are shares; `kappa` ≤ 1 is absent where chance alone agrees always (pₑ = 1).
 */
export interface Agreement {
  readonly observed: number
  readonly expected: number
  readonly kappa?: number
}

/** The agreement of two shares. */
export const agreementOf = (observed: number, expected: number): Agreement => ({
  observed,
  expected,
  ...(expected === 1 ? {} : { kappa: (observed - expected) / (1 - expected) })
})

const shareOf = <A>(labels: ReadonlyArray<A>, category: A): number =>
  labels.filter((label) => label === category).length / labels.length

/**
 * Cohen's kappa: the agreement of two judges who labelled the same things.
 *
 * Source   Cohen, "A coefficient of agreement for nominal scales" (1960): pₑ is the chance that two labels are equal when
 *          each judge draws from the labels that this judge gave.
 * Domain   As many labels of both, at least one, in the same order.
 */
export const cohenKappa = <A>(one: ReadonlyArray<A>, other: ReadonlyArray<A>): Agreement => {
  const equal = one.filter((label, i) => label === other[i]).length
  const categories = [...new Set(one)]
  const expected = categories.reduce((sum, category) => sum + shareOf(one, category) * shareOf(other, category), 0)
  return agreementOf(equal / one.length, expected)
}
