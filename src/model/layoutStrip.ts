import { inOneRow, type Placed, type Placement, place } from "./Placement.ts"
import type { Sequence } from "./Sequence.ts"
import { packTrees } from "./packTrees.ts"
import { type Tree, type TreeShape, treesOf } from "./Tree.ts"

/**
 * Rows of one length beside each other. Units: tokens; `from` is the index of the first.
 *
 * Domain   Tokens see those before them in their row, and those of the prefix; a band with a prefix has one row.
 */
export interface Band {
  readonly from: number
  readonly rows: number
  readonly tokens: number
  readonly prefix: { readonly from: number; readonly tokens: number }
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

const none = { from: 0, tokens: 0 }

/** What stands together in a row: whole trees, or one sequence of a tree without the tokens that it shares. */
interface Row {
  readonly members: ReadonlyArray<number>
  readonly branch?: number
  readonly tokens: number
}

const longestFirst = (a: Row, b: Row): number => b.tokens - a.tokens

/**
 * The rows of trees. A long tree is cut: its first sequence stands in a row with what all share, each other in a row of
 * its own, so that sequences which cannot see each other are not compared.
 */
const rowsOf = (trees: ReadonlyArray<TreeShape>): ReadonlyArray<Row> => {
  const places = trees.map((_, i) => i)
  const sizeOf = (i: number) => trees[i]?.size ?? 0
  const own = (i: number, which: number) => (trees[i]?.lengths[which] ?? 0) - (trees[i]?.shared ?? 0)
  const long = places.filter((i) => sizeOf(i) > sharedRow)
  const short = places.filter((i) => sizeOf(i) <= sharedRow)
  const packed = packTrees(short.map(sizeOf), sharedRow).rows.map((members) => members.map((i) => short[i] ?? 0))
  const stems = long.map((i) => ({ members: [i], tokens: roundUp((trees[i]?.shared ?? 0) + own(i, 0)) }))
  const shared = packed.map((members) => ({
    members,
    tokens: roundUp(members.reduce((sum, i) => sum + sizeOf(i), 0))
  }))
  const branches = long.flatMap((i) =>
    (trees[i]?.lengths ?? []).slice(1).map((_, rest) => ({
      members: [i],
      branch: rest + 1,
      tokens: roundUp(own(i, rest + 1))
    }))
  )
  return [...[...stems, ...shared].toSorted(longestFirst), ...branches.toSorted(longestFirst)]
}

/** Where the rows of trees begin, and the bands that they make. */
const bandsOf = (trees: ReadonlyArray<TreeShape>, rows: ReadonlyArray<Row>) => {
  const bands: Array<Band> = []
  const stems = new Map<number, number>()
  let from = 0
  for (const { branch, members, tokens } of rows) {
    const [tree = 0] = members
    const band = bands.at(-1)
    const prefix = branch === undefined ? none : { from: stems.get(tree) ?? 0, tokens: trees[tree]?.shared ?? 0 }
    if (band?.tokens === tokens && band.prefix === none && prefix === none) {
      bands[bands.length - 1] = { ...band, rows: band.rows + 1 }
    } else bands.push({ from, rows: 1, tokens, prefix })
    if (branch === undefined && members.length === 1) stems.set(tree, from)
    from += tokens
  }
  return { size: from, bands }
}

/** The bands of trees that are laid one after another, without laying them. Units: size in tokens. */
export const measureStrip = (
  trees: ReadonlyArray<TreeShape>
): { readonly size: number; readonly bands: ReadonlyArray<Band> } => bandsOf(trees, rowsOf(trees))

/** Where each tree stands. */
const placedIn = (trees: ReadonlyArray<Tree>, rows: ReadonlyArray<Row>): ReadonlyArray<Placed> => {
  const placed: Array<Placed> = []
  let from = 0
  for (const { branch, members, tokens } of rows) {
    let base = from
    members.forEach((member, document) => {
      const tree = trees[member]
      const stem = placed[member]
      if (!tree) return
      placed[member] =
        branch !== undefined && stem
          ? { ...stem, own: stem.own.with(branch, from) }
          : inOneRow(tree, { base, document })
      base += tree.size
    })
    from += tokens
  }
  return placed
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
  const rows = rowsOf(trees)
  const measured = bandsOf(trees, rows)
  return { ...measured, ...place(placedIn(trees, rows), { size: measured.size, ...options }) }
}
