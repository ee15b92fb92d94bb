import type { DataGroup, DatasetStatistics } from "../../../schemas/mod.ts"

type Comparisons = NonNullable<DataGroup["comparisons"]>

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

const between = ({ high, low }: { readonly low: number; readonly high: number }): string =>
  `95 % interval ${(100 * low).toFixed(1)} to ${percent(high)}`

/** What a rate is estimated from, and what has to hold for it. */
const seen = {
  scores: ["labels against the scores of their row", "if the scores are right"],
  repeats: ["pairs of labels of the same two responses differ", "if each was given by itself"],
  cycles: ["triads of responses are circles", "if there is a true order"]
} as const

const noiseNotes = ({ noise }: Comparisons): ReadonlyArray<string> => {
  const rates = (["scores", "repeats", "cycles"] as const).flatMap((name) => {
    const found = noise[name]
    const [what, assumption] = seen[name]
    return found === undefined
      ? []
      : [
          `${found.count} of ${found.of} ${what} (${found.prompts} prompts): ${percent(found.rate)} of labels wrong ${assumption} (${between(found)})`
        ]
  })
  const chance = noise.bradleyTerry
  const other =
    chance === undefined
      ? []
      : [`${percent(chance)} of labels would differ if drawn anew by Bradley-Terry from the margins, read in nats`]
  const contradicted = Object.entries(noise.contradicted).map(([field, n]) => `${n} labels contradicted by "${field}"`)
  return [...rates, ...other, ...contradicted]
}

/** What a table of statistics does not show, one sentence each: units, ties, lengths, and what speaks against the labels. */
export const statisticsNotes = ({ all, tokenizer, unit }: DatasetStatistics): ReadonlyArray<string> => {
  const lengths = `Lengths are means over all rows, in ${tokenizer === undefined ? unit : `tokens of ${tokenizer}`}`
  const { comparisons } = all
  if (comparisons === undefined) return [lengths]
  const { chosenLonger: longer, identical, margins, sameLength } = comparisons
  const longerNote =
    longer === undefined
      ? []
      : [
          `The preferred response is longer in ${longer.count} of ${longer.of} pairs of different length (${longer.prompts} prompts): ${percent(longer.share)} (${between(longer)})`
        ]
  const marginNote =
    margins === undefined
      ? []
      : [`Margins are ${margins.min} to ${margins.max}, mean ${margins.mean.toFixed(3)}; ${margins.ties} ties`]
  const equal = `${identical} pairs of equal responses, ${sameLength} of equal length`
  return [lengths, ...longerNote, equal, ...marginNote, ...noiseNotes(comparisons)]
}
