import { learnedCount, membership } from "../../model/mod.ts"
import type { Shape } from "../../graph/mod.ts"
import { type Batch, picks, placesOf } from "./Batch.ts"
import type { Encoded } from "./Encoded.ts"

/** One thing that a loss may read of a batch. */
export interface BatchInput {
  readonly shape: Shape
  readonly fill: (batch: Batch) => Float32Array<ArrayBuffer>
}

type Pick = keyof typeof picks

const shorterOf = ({ sequences }: Encoded): number => Math.min(...sequences.map(learnedCount))

/** Which predicted tokens are summed for which sequences, with what each of them counts. */
const members = (pick: Pick, first: string): BatchInput => ({
  shape: [first, "selected"],
  fill: ({ block, examples, tokenWeight }) => {
    const places = placesOf(examples, picks[pick])
    if (!tokenWeight) return membership(block, places)
    const shorter = examples.flatMap((example) => picks[pick](example).map(() => shorterOf(example)))
    return membership(block, places, (at, start, group) => tokenWeight(at - start, shorter[group] ?? 0))
  }
})

/** Every predicted token of some sequences, prompt included. */
const wholeMembers = (pick: Pick): BatchInput => ({
  shape: ["pairs", "selected"],
  fill: ({ block, examples }) => membership(block, placesOf(examples, picks[pick]), () => 1)
})

const perSequence = (first: string, value: (example: Encoded, which: number) => number, pick: Pick): BatchInput => ({
  shape: [first],
  fill: ({ examples }) =>
    Float32Array.from(examples.flatMap((example) => picks[pick](example).map((which) => value(example, which))))
})

const perExample = (value: (example: Encoded) => number): BatchInput => ({
  shape: ["pairs"],
  fill: ({ examples }) => Float32Array.from(examples, value)
})

const scalar = (value: (batch: Batch) => number): BatchInput => ({
  shape: [],
  fill: (batch) => Float32Array.of(value(batch))
})

const lengthOf = ({ sequences }: Encoded, which: number): number => {
  const sequence = sequences[which]
  return sequence ? learnedCount(sequence) : Number.NaN
}

const wholeLengthOf = ({ sequences }: Encoded, which: number): number =>
  (sequences[which]?.ids.length ?? Number.NaN) - 1

const referenceOf = ({ reference }: Encoded, which: number): number => reference[which] ?? Number.NaN

const isDesirable = ({ desirable }: Encoded, which: number): number => ((desirable ?? which === 0) ? 1 : 0)

/**
 * Everything that a loss may read of a batch, by the name of its graph input.
 *
 * Shapes   `pairs` examples with two responses, `rows` single responses, `selected` predicted tokens.
 * Units    log-probabilities in nats, lengths in tokens, shares in one over a count of the whole batch.
 */
export const batchInputs = {
  memberChosen: members("chosen", "pairs"),
  memberRejected: members("rejected", "pairs"),
  memberRows: members("judged", "rows"),
  memberMismatched: members("mismatched", "rows"),
  memberAlternative: members("alternatives", "pairs"),
  wholeChosen: wholeMembers("chosen"),
  wholeRejected: wholeMembers("rejected"),
  referenceChosen: perSequence("pairs", referenceOf, "chosen"),
  referenceRejected: perSequence("pairs", referenceOf, "rejected"),
  referenceRows: perSequence("rows", referenceOf, "judged"),
  referenceMismatched: perSequence(
    "rows",
    ({ sequences, mismatched }, which) => mismatched?.reference[which - sequences.length] ?? Number.NaN,
    "mismatched"
  ),
  lengthChosen: perSequence("pairs", lengthOf, "chosen"),
  lengthRejected: perSequence("pairs", lengthOf, "rejected"),
  lengthRows: perSequence("rows", lengthOf, "judged"),
  wholeLengthChosen: perSequence("pairs", wholeLengthOf, "chosen"),
  wholeLengthRejected: perSequence("pairs", wholeLengthOf, "rejected"),
  desirable: perSequence("rows", isDesirable, "judged"),
  margin: perExample(({ margin }) => margin ?? 0),
  fromReference: perExample(({ fromReference }) => (fromReference === "chosen" ? 1 : 0)),
  runningReward: scalar(({ runningReward }) => runningReward),
  sharePair: scalar(({ totals }) => 1 / totals.pairs),
  shareRow: scalar(({ totals }) => 1 / totals.rows),
  shareChosenToken: scalar(({ totals }) => 1 / totals.chosenTokens),
  shareToken: scalar(({ totals }) => 1 / totals.tokens)
} satisfies Record<string, BatchInput>

/** The name of something that a loss may read. */
export type BatchInputName = keyof typeof batchInputs
