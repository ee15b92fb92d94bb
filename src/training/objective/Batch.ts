import { learnedCount, type Placement } from "../../model/mod.ts"
import { type Encoded, sequencesOf } from "./Encoded.ts"

/** What the whole batch of an optimizer step counts, whatever pieces it is computed in. */
export interface Totals {
  readonly pairs: number
  readonly rows: number
  /** Units: learned tokens of the chosen responses. */
  readonly chosenTokens: number
  /** Units: learned tokens of all sequences. */
  readonly tokens: number
}

/** The totals of a batch. */
export const totalsOf = (examples: ReadonlyArray<Encoded>): Totals => ({
  pairs: examples.length,
  rows: examples.reduce((sum, { sequences }) => sum + sequences.length, 0),
  chosenTokens: examples.reduce((sum, { sequences: [chosen] }) => sum + (chosen ? learnedCount(chosen) : 0), 0),
  tokens: examples.flatMap(({ sequences }) => sequences).reduce((sum, sequence) => sum + learnedCount(sequence), 0)
})

/** The totals of two batches together. */
export const addTotals = (a: Totals, b: Totals): Totals => ({
  pairs: a.pairs + b.pairs,
  rows: a.rows + b.rows,
  chosenTokens: a.chosenTokens + b.chosenTokens,
  tokens: a.tokens + b.tokens
})

/** The examples of one pass through the graphs, as the inputs of a loss are made from them. */
export interface Batch {
  readonly block: Placement
  readonly examples: ReadonlyArray<Encoded>
  readonly totals: Totals
  /** Running mean of implicit rewards. */
  readonly runningReward: number
  /** What a response token counts in the sum of its response, by its place there and the length of the shorter response of its pair; 1 when absent. */
  readonly tokenWeight?: (place: number, shorter: number) => number
}

/** The places, among the sequences of the block, of one sequence of every example, or of several. */
export const placesOf = (
  examples: ReadonlyArray<Encoded>,
  pick: (example: Encoded) => ReadonlyArray<number>
): ReadonlyArray<number> => {
  let next = 0
  return examples.flatMap((example) => {
    const first = next
    next += sequencesOf(example).length
    return pick(example).map((which) => first + which)
  })
}

/** Picks the preferred response, the other one, all that are judged, all that answer another prompt, or the alternatives. */
export const picks = {
  chosen: () => [0],
  rejected: () => [1],
  judged: ({ sequences }: Encoded) => sequences.map((_, i) => i),
  mismatched: ({ sequences, mismatched }: Encoded) => (mismatched?.sequences ?? []).map((_, i) => sequences.length + i),
  alternatives: (example: Encoded) => {
    const { alternatives = [] } = example
    return alternatives.map((_, i) => sequencesOf(example).length - alternatives.length + i)
  }
} satisfies Record<string, (example: Encoded) => ReadonlyArray<number>>
