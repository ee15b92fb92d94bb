import { type Candidates, type Pair, type Preference } from "../../../schemas/mod.ts"
import { key, permutation } from "../../random/mod.ts"
import { pairOf } from "./pairOf.ts"

/** The pair of a preference: whoever judges it does not see which response was chosen. None where both are the same. */
export const pairOfPreference = (row: Preference): ReadonlyArray<Pair> =>
  row.chosen === row.rejected ? [] : [pairOf(row, row.chosen, row.rejected)]

/**
 * Pairs of different responses to one prompt: `perPrompt` of them, drawn without replacement.
 *
 * Domain   The draw is a pure function of the seed and the prompt's id; fewer pairs where there are no more.
 */
export const pairsOfCandidates =
  (options: { readonly seed: number; readonly perPrompt: number }) =>
  (row: Candidates): ReadonlyArray<Pair> => {
    const texts = [...new Set(row.responses.map(({ text }) => text))]
    const pairs = texts.flatMap((one, i) => texts.slice(i + 1).map((other) => pairOf(row, one, other)))
    const order = permutation(key(options.seed, "pairs", row.promptId), pairs.length)
    return Array.from(order.subarray(0, options.perPrompt)).flatMap((i) => pairs[i] ?? [])
  }
