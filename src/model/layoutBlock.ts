import { inOneRow, type Placed, type Placement, place } from "./Placement.ts"
import type { Sequence } from "./Sequence.ts"
import { packTrees, treesOf } from "./Tree.ts"

/** Sequences laid out as rows of one length. Shapes: size is rows·tokens. */
export interface Block extends Placement {
  readonly rows: number
  readonly tokens: number
}

/**
 * Lays examples into rows: sequences of one example share their prompt, several examples share a row.
 *
 * Units    `capacity` of a row in tokens: at least, and by default, the longest example.
 * Domain   `predict` as in `place`.
 */
export const layoutBlock = (
  examples: ReadonlyArray<ReadonlyArray<Sequence>>,
  options: { readonly capacity?: number; readonly predict?: "learned" | "all" } = {}
): Block => {
  const trees = examples.flatMap(treesOf)
  const { rows, tokens } = packTrees(
    trees.map(({ size }) => size),
    options.capacity ?? 0
  )
  const placed: Array<Placed> = []
  rows.forEach((members, row) => {
    let base = row * tokens
    members.forEach((member, document) => {
      const tree = trees[member]
      if (!tree) return
      placed[member] = inOneRow(tree, { base, document })
      base += tree.size
    })
  })
  const size = rows.length * tokens
  return { rows: rows.length, tokens, ...place(placed, { size, predict: options.predict ?? "learned" }) }
}
