import { type Band, measureStrip } from "../../model/mod.ts"
import type { Objective } from "../objective/mod.ts"
import type { RowShape } from "../tokens/mod.ts"
import type { StripSizes } from "./predictMemory.ts"

type Reads = Pick<Objective, "kind" | "predict">

/** Tokens of an example that something is read off. */
const predicted = ({ learned, trees }: RowShape, { kind, predict }: Reads): number => {
  if (kind === "causal" && predict === "learned") return learned
  const lengths = trees.flatMap((tree) => tree.lengths)
  return kind === "reward" ? lengths.length : lengths.reduce((sum, length) => sum + length - 1, 0)
}

/** The sizes of the strip that examples are laid out in, without laying it out. */
const sizesOf = (examples: ReadonlyArray<RowShape>, reads: Reads): StripSizes => ({
  ...measureStrip(examples.flatMap(({ trees }) => trees)),
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
export const largestStrip = (passes: Iterable<ReadonlyArray<RowShape>>, reads: Reads): StripSizes => {
  let largest = none
  for (const examples of passes) largest = enclose(largest, sizesOf(examples, reads))
  return largest
}
