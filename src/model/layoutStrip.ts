import { type Placed, type Placement, place } from "./Placement.ts"
import type { Sequence } from "./Sequence.ts"
import { packTrees, type Tree, treesOf } from "./Tree.ts"

/** Rows of one length beside each other. Units: tokens; `from` is the index of the first. */
export interface Band {
  readonly from: number
  readonly rows: number
  readonly tokens: number
}

/** Sequences laid out one after another: rows of their own lengths, those of one length in a band. */
export interface Strip extends Placement {
  /** Units: tokens. */
  readonly size: number
  readonly bands: ReadonlyArray<Band>
}

/** Short trees share rows of this many tokens: a call for each of them would cost more than what they see of each other. */
const sharedRow = 256
/** Row lengths are a multiple of this, so that attention can go through a row in as many parts. */
export const rowParts = 4

const roundUp = (tokens: number): number => Math.ceil(tokens / rowParts) * rowParts

/** The longest row that trees of at most `longest` tokens give. Units: tokens. */
export const longestRow = (longest: number): number => Math.max(sharedRow, roundUp(longest))

/** Which trees stand in which row, and how long it is; longest rows first. */
const rowsOf = (trees: ReadonlyArray<Tree>) => {
  const places = trees.map((_, i) => i)
  const sizeOf = (i: number) => trees[i]?.size ?? 0
  const long = places.filter((i) => sizeOf(i) > sharedRow)
  const short = places.filter((i) => sizeOf(i) <= sharedRow)
  const packed = packTrees(short.map(sizeOf), sharedRow).rows.map((members) => members.map((i) => short[i] ?? 0))
  return [...long.map((i) => [i]), ...packed]
    .map((members) => {
      const filled = members.reduce((sum, i) => sum + sizeOf(i), 0)
      return { members, tokens: roundUp(filled) }
    })
    .toSorted((a, b) => b.tokens - a.tokens)
}

/** The bands of examples that are laid one after another, without laying them. Units: size in tokens. */
export const measureStrip = (
  examples: ReadonlyArray<ReadonlyArray<Sequence>>
): { readonly size: number; readonly bands: ReadonlyArray<Band> } => {
  const bands: Array<Band> = []
  let from = 0
  for (const { tokens } of rowsOf(examples.flatMap(treesOf))) {
    const band = bands.at(-1)
    if (band?.tokens === tokens) bands[bands.length - 1] = { ...band, rows: band.rows + 1 }
    else bands.push({ from, rows: 1, tokens })
    from += tokens
  }
  return { size: from, bands }
}

/**
 * Lays examples one after another, with nothing between them but what fills a row up to a multiple of `rowParts`.
 *
 * Domain   `predict` as in `place`.
 */
export const layoutStrip = (
  examples: ReadonlyArray<ReadonlyArray<Sequence>>,
  options: { readonly predict: "learned" | "all" }
): Strip => {
  const trees = examples.flatMap(treesOf)
  const placed: Array<Placed> = []
  let from = 0
  for (const { members, tokens } of rowsOf(trees)) {
    let base = from
    members.forEach((member, document) => {
      const tree = trees[member]
      if (!tree) return
      placed[member] = { base, document, tree }
      base += tree.size
    })
    from += tokens
  }
  const measured = measureStrip(examples)
  return { ...measured, ...place(placed, { size: measured.size, ...options }) }
}
