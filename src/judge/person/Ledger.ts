import type { Judgement, Pair } from "../../../schemas/mod.ts"

/**
 * Pairs that are asked about, and what was said of them, in the order in which it was said.
 *
 * Domain   At most one judgement for each annotator and pair; there may be judgements of pairs that are not asked about.
 */
export interface Ledger {
  readonly pairs: ReadonlyArray<Pair>
  readonly judgements: ReadonlyArray<Judgement>
}

const judgedBy = ({ judgements }: Ledger, annotator: string): ReadonlySet<string> =>
  new Set(judgements.filter((one) => one.annotator === annotator).map(({ pairId }) => pairId))

/** The pairs an annotator has not judged, in their order. */
export const pendingOf = (ledger: Ledger, annotator: string): ReadonlyArray<Pair> => {
  const judged = judgedBy(ledger, annotator)
  return ledger.pairs.filter(({ pairId }) => !judged.has(pairId))
}

/** The place of an annotator's last judgement of a pair that is asked about, or −1. */
const lastOf = ({ judgements, pairs }: Ledger, annotator: string): number => {
  const asked = new Set(pairs.map(({ pairId }) => pairId))
  return judgements.findLastIndex((one) => one.annotator === annotator && asked.has(one.pairId))
}

/** Whether there is something to take back. */
export const canUndo = (ledger: Ledger, annotator: string): boolean => lastOf(ledger, annotator) >= 0

/** The ledger with one more judgement at its end. */
export const enter = (ledger: Ledger, judgement: Judgement): Ledger => ({
  ...ledger,
  judgements: [...ledger.judgements, judgement]
})

/** The ledger without the annotator's last judgement; the same where there is none. */
export const takeBack = (ledger: Ledger, annotator: string): Ledger => {
  const last = lastOf(ledger, annotator)
  return last < 0 ? ledger : { ...ledger, judgements: ledger.judgements.toSpliced(last, 1) }
}

/** The ledger with pairs that it did not ask about yet, each once. */
export const ask = (ledger: Ledger, pairs: ReadonlyArray<Pair>): Ledger => {
  const asked = new Map(ledger.pairs.map((pair) => [pair.pairId, pair]))
  for (const pair of pairs) if (!asked.has(pair.pairId)) asked.set(pair.pairId, pair)
  return { ...ledger, pairs: [...asked.values()] }
}

/** The ledger that asks about these pairs no more; what was said of them stays, and cannot be taken back. */
export const takeOff = (ledger: Ledger, pairs: ReadonlyArray<Pair>): Ledger => {
  const gone = new Set(pairs.map(({ pairId }) => pairId))
  return { ...ledger, pairs: ledger.pairs.filter(({ pairId }) => !gone.has(pairId)) }
}
