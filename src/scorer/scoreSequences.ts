import { Effect } from "effect"
import { type Block, layoutBlock, type Sequence } from "../model/mod.ts"
import { OnnxRuntime, type Session, type Tensor } from "../runtime/mod.ts"
import type { Feeds } from "./blockFeeds.ts"

/** Groups of indices whose sequences have about the same length: longest first, at most `batchSize` in a group. */
export const groupByLength = (
  sequences: ReadonlyArray<Sequence>,
  batchSize: number
): ReadonlyArray<ReadonlyArray<number>> => {
  const lengthOf = (i: number) => sequences[i]?.ids.length ?? 0
  const order = sequences.map((_, i) => i).toSorted((a, b) => lengthOf(b) - lengthOf(a) || a - b)
  return Array.from({ length: Math.ceil(order.length / batchSize) }, (_, i) =>
    order.slice(i * batchSize, (i + 1) * batchSize)
  )
}

/**
 * One number for every sequence, from a session whose output has shape [sequences].
 *
 * Fails    RuntimeError.
 */
export const scoreSequences = Effect.fn("scoreSequences")(function* (options: {
  readonly session: Session
  readonly output: string
  readonly sequences: ReadonlyArray<Sequence>
  readonly batchSize: number
  readonly feedsOf: (block: Block) => Feeds
  readonly onBatch?: (rows: number) => Effect.Effect<void>
}) {
  const runtime = yield* OnnxRuntime
  const scores = new Float64Array(options.sequences.length)
  for (const group of groupByLength(options.sequences, options.batchSize)) {
    const block = layoutBlock(group.map((i) => options.sequences.slice(i, i + 1)))
    const found = new Float32Array(group.length)
    yield* Effect.scoped(
      Effect.gen(function* () {
        const feeds: Record<string, Tensor> = {}
        for (const [name, { data, shape }] of Object.entries(options.feedsOf(block))) {
          feeds[name] = yield* runtime.tensor(data, shape)
        }
        yield* options.session.run(feeds, { [options.output]: yield* runtime.tensor(found, [group.length]) })
      })
    )
    group.forEach((i, place) => {
      scores[i] = found[place] ?? Number.NaN
    })
    if (options.onBatch) yield* options.onBatch(group.length)
  }
  return scores
})
