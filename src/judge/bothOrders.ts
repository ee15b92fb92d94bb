import type { Comparison } from "./Preference.ts"

const swapped = ({ first, messages, second }: Comparison): Comparison => ({ messages, first: second, second: first })

/** Both orders of each pair beside each other, the same two questions whichever response a row names first. */
export const bothOrders = (rows: ReadonlyArray<Comparison>): ReadonlyArray<Comparison> =>
  rows.flatMap((row) => (row.first <= row.second ? [row, swapped(row)] : [swapped(row), row]))

/**
 * What two numbers for each pair, in the orders of `bothOrders`, say of the response that each row names first.
 *
 * Domain   `combine` gets the number where that response was shown first, then the number where it was shown second.
 */
export const fromBothOrders =
  <A, B>(rows: ReadonlyArray<Comparison>, combine: (shownFirst: A, shownSecond: A) => B) =>
  (found: ReadonlyArray<A>): ReadonlyArray<B> =>
    rows.flatMap(({ first, second }, i) => {
      const pair = found.slice(2 * i, 2 * i + 2)
      const [a, b] = first <= second ? pair : pair.toReversed()
      return a === undefined || b === undefined ? [] : [combine(a, b)]
    })
