import { isLearned, measureStrip } from "../../model/mod.ts"
import { type Encoded, type Objective, sequencesOf } from "../objective/mod.ts"
import type { StripSizes } from "./predictMemory.ts"

const predicted = (example: Encoded, predict: Objective["predict"]): number =>
  sequencesOf(example).reduce((total, sequence) => {
    if (predict === "all") return total + sequence.ids.length - 1
    let count = 0
    for (let i = 1; i < sequence.ids.length; i++) if (isLearned(sequence, i)) count += 1
    return total + count
  }, 0)

/** The sizes of the strip that examples are laid out in, without laying it out. */
const sizesOf = (examples: ReadonlyArray<Encoded>, predict: Objective["predict"]): StripSizes => ({
  ...measureStrip(examples.map(sequencesOf)),
  selected: examples.reduce((total, example) => total + predicted(example, predict), 0)
})

/** What may make a strip the largest: its tokens, the pairs of tokens in its rows, what is read off it. */
const measures: ReadonlyArray<(strip: StripSizes) => number> = [
  ({ size }) => size,
  ({ bands }) => bands.reduce((sum, { prefix, rows, tokens }) => sum + rows * tokens * (prefix.tokens + tokens), 0),
  ({ selected }) => selected
]

/** The largest strips of a plan of batches, one by each measure. */
export const largestStrips = (
  microBatches: ReadonlyArray<ReadonlyArray<Encoded>>,
  predict: Objective["predict"]
): ReadonlyArray<StripSizes> => {
  const strips = microBatches.map((examples) => sizesOf(examples, predict))
  const most = (measure: (strip: StripSizes) => number) =>
    strips.reduce<StripSizes | undefined>((a, b) => (a && measure(a) >= measure(b) ? a : b), undefined)
  return [...new Set(measures.flatMap((measure) => most(measure) ?? []))]
}
