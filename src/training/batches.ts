import { key, permutation } from "../random/mod.ts"
import type { Encoded } from "./objective/mod.ts"

/** The examples of one optimizer step, cut into pieces that fit in memory. */
export interface TrainingBatch {
  readonly epoch: number
  readonly microBatches: ReadonlyArray<ReadonlyArray<Encoded>>
}

const longest = ({ sequences }: Encoded): number => Math.max(...sequences.map(({ ids }) => ids.length))

const cut = <A>(all: ReadonlyArray<A>, size: number): ReadonlyArray<ReadonlyArray<A>> =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size))

/**
 * All batches of a training run: a seeded order for each epoch, examples of like length beside each other within a batch.
 *
 * Units    batchSize, microBatchSize in examples.
 */
export const batches = (
  examples: ReadonlyArray<Encoded>,
  options: {
    readonly seed: number
    readonly epochs: number
    readonly batchSize: number
    readonly microBatchSize: number
  }
): ReadonlyArray<TrainingBatch> =>
  Array.from({ length: options.epochs }, (_, epoch) => {
    const order = permutation(key(options.seed, "order", epoch), examples.length)
    const shuffled = Array.from(order).flatMap((i) => examples[i] ?? [])
    return cut(shuffled, options.batchSize).map((batch) => ({
      epoch,
      microBatches: cut(
        batch.toSorted((a, b) => longest(b) - longest(a)),
        options.microBatchSize
      )
    }))
  }).flat()
