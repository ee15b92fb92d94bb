import { type Band, isLearned, measureStrip } from "../../model/mod.ts"
import { type Encoded, type Objective, sequencesOf } from "../objective/mod.ts"
import type { StripSizes } from "./predictMemory.ts"

type Reads = Pick<Objective, "kind" | "predict">

const predicted = (example: Encoded, { kind, predict }: Reads): number =>
  sequencesOf(example).reduce((total, sequence) => {
    if (kind === "reward") return total + 1
    if (predict === "all") return total + sequence.ids.length - 1
    let count = 0
    for (let i = 1; i < sequence.ids.length; i++) if (isLearned(sequence, i)) count += 1
    return total + count
  }, 0)

/** The sizes of the strip that examples are laid out in, without laying it out. */
const sizesOf = (examples: ReadonlyArray<Encoded>, reads: Reads): StripSizes => ({
  ...measureStrip(examples.map(sequencesOf)),
  selected: examples.reduce((total, example) => total + predicted(example, reads), 0)
})

const pairsOf = ({ prefix, rows, tokens }: Band): number => rows * tokens * (prefix.tokens + tokens)

const larger = (a: Band | undefined, b: Band): Band => (a && pairsOf(a) >= pairsOf(b) ? a : b)

/** A strip that none of two is larger than in any way: every buffer of a step grows to the largest size it was asked for. */
export const enclose = (a: StripSizes, b: StripSizes): StripSizes => {
  const bands = [...a.bands]
  for (const [i, band] of b.bands.entries()) bands[i] = larger(bands[i], band)
  return { size: Math.max(a.size, b.size), bands, selected: Math.max(a.selected, b.selected) }
}

const none: StripSizes = { size: 0, bands: [], selected: 0 }

/** The strip that encloses those of all these passes, and what is read off it. */
export const largestStrip = (passes: ReadonlyArray<ReadonlyArray<Encoded>>, reads: Reads): StripSizes =>
  passes.reduce((largest, examples) => enclose(largest, sizesOf(examples, reads)), none)
