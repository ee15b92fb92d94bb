import { packTrees, treesOf } from "../model/mod.ts"
import { key, permutation } from "../random/mod.ts"
import { type Encoded, sequencesOf } from "./objective/mod.ts"

/** The examples of one optimizer step, cut into pieces that fit in memory. */
export interface TrainingBatch {
  readonly epoch: number
  readonly microBatches: ReadonlyArray<ReadonlyArray<Encoded>>
}

/** Tokens that an example takes in a row: the longest of its trees. */
export const rowLength = (example: Encoded): number =>
  treesOf(sequencesOf(example)).reduce((longest, { size }) => Math.max(longest, size), 0)

export const cut = <A>(all: ReadonlyArray<A>, size: number): ReadonlyArray<ReadonlyArray<A>> =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size))

/** Examples that are counted and moved together: each alone, or as many as fit into a block. */
const unitsOf = (examples: ReadonlyArray<Encoded>, blockLength: number | undefined) => {
  if (blockLength === undefined) return examples.map((example) => [example])
  const { rows } = packTrees(examples.map(rowLength), blockLength)
  return rows.map((members) => members.flatMap((i) => examples[i] ?? []))
}

const unitLength = (unit: ReadonlyArray<Encoded>): number =>
  unit.reduce((longest, example) => Math.max(longest, rowLength(example)), 0)

/**
 * All batches of a training run: a seeded order for each epoch, or that of the data; units of like length beside each other
 * within a batch.
 *
 * Units    batchSize, microBatchSize in examples, or in blocks of `blockLength` tokens.
 */
export const batches = (
  examples: ReadonlyArray<Encoded>,
  options: {
    readonly seed: number
    readonly epochs: number
    readonly batchSize: number
    readonly microBatchSize: number
    readonly blockLength?: number
    readonly order?: "seeded" | "data"
  }
): ReadonlyArray<TrainingBatch> => {
  const units = unitsOf(examples, options.blockLength)
  return Array.from({ length: options.epochs }, (_, epoch) => {
    const places = permutation(key(options.seed, "order", epoch), units.length)
    const shuffled = options.order === "data" ? units : Array.from(places).flatMap((i) => units.slice(i, i + 1))
    return cut(shuffled, options.batchSize).map((batch) => ({
      epoch,
      microBatches: cut(
        batch.toSorted((a, b) => unitLength(b) - unitLength(a)),
        options.microBatchSize
      ).map((unit) => unit.flat())
    }))
  }).flat()
}
