import { layoutTiles, type Run, type Tiling } from "./layoutTiles.ts"
import { inOneRow, type Placed, type Placement, place } from "./Placement.ts"
import type { Tree } from "./Tree.ts"

/** Trees laid one after another, with nothing between them, and what is read of them. */
export interface Sheet extends Placement {
  /** Units: tokens. */
  readonly size: number
  /** Which tokens see which. */
  readonly whole: Tiling
  /** Index of each token that is read: `last` or `select`. Shapes: [read]. */
  readonly read: BigInt64Array<ArrayBuffer>
  /** What the tokens that are read see. */
  readonly chosen: Tiling
}

const count = (from: number, to: number): ReadonlyArray<number> => Array.from({ length: to - from }, (_, i) => from + i)

/** All tokens of a tree: what is shared, then what each sequence has for itself. */
const wholeRuns = (placed: Placed): ReadonlyArray<Run> => {
  const { own, shared, tree } = placed
  const stem: Run = { placed, which: 0, at: shared, positions: count(0, tree.shared) }
  const branches = tree.sequences.map(({ ids }, which): Run => ({
    placed,
    which,
    at: own[which] ?? 0,
    positions: count(tree.shared, ids.length)
  }))
  return [stem, ...branches]
}

/** Lays trees into one sheet of which the last token of each sequence, or the token before each learned one, is read. */
export const layoutSheet = (trees: ReadonlyArray<Tree>, options: { readonly read: "last" | "select" }): Sheet => {
  let size = 0
  const placed = trees.map((tree) => {
    const at = inOneRow(tree, { base: size, document: 0 })
    size += tree.size
    return at
  })
  const placement = place(placed, { size, predict: "learned" })
  const read = placement[options.read]
  const sequences = placed.flatMap((each) => each.tree.sequences.map((_, which) => ({ placed: each, which })))
  const chosenRuns = sequences.map(({ placed: each, which }, i): Run => {
    const [from, to] = options.read === "last" ? [i, i + 1] : [placement.starts[i] ?? 0, placement.starts[i + 1] ?? 0]
    const positions = Array.from(read.subarray(from, to), (at) => Number(placement.positions[Number(at)]))
    return { placed: each, which, at: from, positions }
  })
  return {
    ...placement,
    size,
    whole: layoutTiles(placed.flatMap(wholeRuns), size),
    read,
    chosen: layoutTiles(chosenRuns, read.length)
  }
}
