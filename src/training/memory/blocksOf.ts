import { isLearned, packTrees, treesOf } from "../../model/mod.ts"
import { type Encoded, type Objective, sequencesOf } from "../objective/mod.ts"
import type { BlockSizes } from "./predictMemory.ts"

const predicted = (example: Encoded, predict: Objective["predict"]): number =>
  sequencesOf(example).reduce((total, sequence) => {
    if (predict === "all") return total + sequence.ids.length - 1
    let count = 0
    for (let i = 1; i < sequence.ids.length; i++) if (isLearned(sequence, i)) count += 1
    return total + count
  }, 0)

/** The sizes of the block that examples are laid out in, without laying it out. */
const sizesOf = (examples: ReadonlyArray<Encoded>, predict: Objective["predict"]): BlockSizes => {
  const trees = examples.flatMap((example) => treesOf(sequencesOf(example)))
  const { rows, tokens } = packTrees(
    trees.map(({ size }) => size),
    0
  )
  return {
    rows: rows.length,
    tokens,
    selected: examples.reduce((total, example) => total + predicted(example, predict), 0)
  }
}

/** What may make a block the largest: its tokens, the pairs of tokens in its rows, what is read off it. */
const measures: ReadonlyArray<(block: BlockSizes) => number> = [
  ({ rows, tokens }) => rows * tokens,
  ({ rows, tokens }) => rows * tokens ** 2,
  ({ selected }) => selected
]

/** The largest blocks of a plan of batches, one by each measure. */
export const largestBlocks = (
  microBatches: ReadonlyArray<ReadonlyArray<Encoded>>,
  predict: Objective["predict"]
): ReadonlyArray<BlockSizes> => {
  const blocks = microBatches.map((examples) => sizesOf(examples, predict))
  const most = (measure: (block: BlockSizes) => number) =>
    blocks.reduce<BlockSizes | undefined>((a, b) => (a && measure(a) >= measure(b) ? a : b), undefined)
  return [...new Set(measures.flatMap((measure) => most(measure) ?? []))]
}
