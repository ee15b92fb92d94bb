import { packTrees } from "../model/mod.ts"
import { key, permutation } from "../random/mod.ts"

/** The places of the examples of one optimizer step, cut into pieces that fit in memory. */
export interface TrainingBatch {
  readonly epoch: number
  readonly microBatches: ReadonlyArray<ReadonlyArray<number>>
}

/** All steps of a training run, each made when it is asked for. */
export interface Batches {
  readonly total: number
  readonly perEpoch: number
  readonly at: (step: number) => TrainingBatch
}

/** How examples become batches. Units: batchSize, microBatchSize in examples, or in blocks of `blockLength` tokens. */
export interface BatchOptions {
  readonly seed: number
  readonly epochs: number
  readonly batchSize: number
  readonly microBatchSize: number
  readonly blockLength?: number
  readonly order?: "seeded" | "data"
}

/** Consecutive parts of an array, each of `size` elements, the last of what is left. */
export function* cut<A extends { readonly length: number; readonly slice: (from: number, to: number) => A }>(
  all: A,
  size: number
): Generator<A> {
  for (let from = 0; from < all.length; from += size) yield all.slice(from, from + size)
}

/** Examples that are counted and moved together: each alone, or as many as fit into a block. */
const unitsOf = (lengths: Int32Array, blockLength: number | undefined) => {
  if (blockLength === undefined) {
    return {
      count: lengths.length,
      membersOf: (unit: number) => [unit],
      lengthOf: (unit: number) => lengths[unit] ?? 0
    }
  }
  const { rows } = packTrees(Array.from(lengths), blockLength)
  const members = Int32Array.from(rows.flat())
  const ends = new Int32Array(rows.length)
  rows.forEach((row, i) => void (ends[i] = (ends[i - 1] ?? 0) + row.length))
  const membersOf = (unit: number) => Array.from(members.subarray(ends[unit - 1] ?? 0, ends[unit]))
  const lengthOf = (unit: number) => membersOf(unit).reduce((longest, i) => Math.max(longest, lengths[i] ?? 0), 0)
  return { count: rows.length, membersOf, lengthOf }
}

/**
 * The batches of a training run: a seeded order for each epoch, or that of the data; units of like length beside each other
 * within a batch.
 *
 * Units    lengths in tokens of a row.
 * Domain   memory holds a few bytes for each example.
 */
export const batches = (lengths: Int32Array, options: BatchOptions): Batches => {
  const { count, lengthOf, membersOf } = unitsOf(lengths, options.blockLength)
  const perEpoch = Math.ceil(count / options.batchSize)
  const orderOf = (epoch: number): Int32Array =>
    options.order === "data"
      ? Int32Array.from({ length: count }, (_, i) => i)
      : permutation(key(options.seed, "order", epoch), count)
  let drawn: { readonly epoch: number; readonly order: Int32Array } | undefined
  const at = (step: number): TrainingBatch => {
    const epoch = Math.floor(step / perEpoch)
    if (drawn?.epoch !== epoch) drawn = { epoch, order: orderOf(epoch) }
    const from = (step % perEpoch) * options.batchSize
    const units = Array.from(drawn.order.subarray(from, from + options.batchSize))
    const ordered = units.toSorted((a, b) => lengthOf(b) - lengthOf(a))
    return { epoch, microBatches: Array.from(cut(ordered, options.microBatchSize), (unit) => unit.flatMap(membersOf)) }
  }
  return { total: perEpoch * options.epochs, perEpoch, at }
}

/** The micro-batches of all steps, one after another. */
export function* microBatchesOf({ at, total }: Batches): Generator<ReadonlyArray<number>> {
  for (let step = 0; step < total; step++) yield* at(step).microBatches
}

/** Rows by their length, the longest first, those of one length in their order. */
export const longestFirst = (lengths: Int32Array): Int32Array =>
  Int32Array.from(lengths, (_, i) => i).sort((a, b) => (lengths[b] ?? 0) - (lengths[a] ?? 0) || a - b)
