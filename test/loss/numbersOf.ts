import { key, uniform } from "../../src/random/mod.ts"
import type { Numbers } from "./Case.ts"

/** Where the numbers of a term lie: log-probabilities of several tokens, lengths, margins, marks. */
const ranges: Readonly<Record<string, (u: number) => number>> = {
  length: (u) => 1 + Math.floor(5 * u),
  wholeLength: (u) => 6 + Math.floor(5 * u),
  margin: (u) => 4 * u - 2,
  fromReference: (u) => Math.round(u),
  desirable: (u) => Math.round(u),
  runningReward: (u) => u - 0.5,
  chosen: (u) => 4 * u - 2,
  rejected: (u) => 4 * u - 2
}

const logProbability = (u: number): number => -0.2 - 4 * u

/** `n` numbers for each term, a pure function of the seed. */
export const numbersOf = (terms: ReadonlyArray<string>, n: number, seed: number): Numbers =>
  Object.fromEntries(
    terms.map((term) => {
      const random = key("loss", term, seed)
      const draw = ranges[term.split(".")[0] ?? ""] ?? logProbability
      return [term, Array.from({ length: term === "runningReward" ? 1 : n }, (_, i) => draw(uniform(random, i)))]
    })
  )
