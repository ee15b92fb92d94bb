import { Effect } from "effect"
import { layoutSheet, type Sequence, type Sheet, sharesPrompt, treeOf } from "../model/mod.ts"
import { AnswerReport, OnnxRuntime, type Session, type Tensor } from "../runtime/mod.ts"
import { type Feeds, sheetFeeds } from "./sheetFeeds.ts"

/** Indices of sequences that follow one another and begin with the same prompt, at most `size` in a group. */
const groupByPrompt = (sequences: ReadonlyArray<Sequence>, size: number): ReadonlyArray<ReadonlyArray<number>> => {
  const groups: Array<Array<number>> = []
  sequences.forEach((sequence, i) => {
    const group = groups.at(-1)
    const first = sequences[group?.[0] ?? -1]
    if (group && first && group.length < size && sharesPrompt(first, sequence)) group.push(i)
    else groups.push([i])
  })
  return groups
}

/** Groups of like length together, longest first, at most `size` sequences in a batch. */
const batchesOf = (
  sequences: ReadonlyArray<Sequence>,
  size: number
): ReadonlyArray<ReadonlyArray<ReadonlyArray<number>>> => {
  const longest = (group: ReadonlyArray<number>) =>
    group.reduce((length, i) => Math.max(length, sequences[i]?.ids.length ?? 0), 0)
  const batches: Array<{ readonly groups: Array<ReadonlyArray<number>>; free: number }> = []
  for (const group of groupByPrompt(sequences, size).toSorted((a, b) => longest(b) - longest(a))) {
    const batch = batches.at(-1)
    if (batch && batch.free >= group.length) {
      batch.groups.push(group)
      batch.free -= group.length
    } else batches.push({ groups: [group], free: size - group.length })
  }
  return batches.map(({ groups }) => groups)
}

/**
 * One number for every sequence, from a session that gives one for each token that is read: their sum, in double precision.
 *
 * Prompts of sequences that follow one another are computed once where they are the same. A sequence gets the same number,
 * bit for bit, whatever the batch.
 *
 * Units    batchSize in sequences.
 * Fails    RuntimeError.
 */
export const scoreSequences = Effect.fn("scoreSequences")(function* (options: {
  readonly session: Session
  readonly output: string
  readonly sequences: ReadonlyArray<Sequence>
  readonly batchSize: number
  /** Which tokens the graph reads: the last of each sequence, or those before what is learned. */
  readonly read: "last" | "select"
  /** What the graph is fed besides. */
  readonly feedsOf?: (sheet: Sheet) => Feeds
}) {
  const { batchSize, feedsOf, output, read, sequences, session } = options
  const runtime = yield* OnnxRuntime
  const report = yield* AnswerReport
  const scores = new Float64Array(sequences.length)
  for (const groups of batchesOf(sequences, batchSize)) {
    const trees = groups.map((group) => treeOf(group.flatMap((i) => sequences[i] ?? [])))
    const sheet = layoutSheet(trees, { read })
    const members = groups.flat()
    const found = new Float32Array(sheet.read.length)
    const run = Effect.gen(function* () {
      const feeds: Record<string, Tensor> = {}
      for (const [name, { data, shape }] of Object.entries({ ...sheetFeeds(sheet), ...feedsOf?.(sheet) })) {
        feeds[name] = yield* runtime.tensor(data, shape)
      }
      yield* session.run(feeds, { [output]: yield* runtime.tensor(found, [found.length]) })
    })
    // responses without a token are certain
    if (found.length > 0) yield* Effect.scoped(run)
    members.forEach((i, place) => {
      const [from, to] = read === "last" ? [place, place + 1] : [sheet.starts[place], sheet.starts[place + 1]]
      scores[i] = found.subarray(from, to).reduce((sum, x) => sum + x, 0)
    })
    yield* report(members.length)
  }
  return scores
})
