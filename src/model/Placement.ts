import { isLearned } from "./Sequence.ts"
import type { Tree } from "./Tree.ts"

/** Where tokens stand among all tokens of a layout, and what is predicted from where. Shapes: [size] each, or as told. */
export interface Placement {
  /** 0 where nothing stands, which no real token sees. */
  readonly ids: BigInt64Array<ArrayBuffer>
  /** Place of each token in its own sequence. */
  readonly positions: BigInt64Array<ArrayBuffer>
  /** Which tree of its row a token belongs to; −1 where nothing stands. */
  readonly document: BigInt64Array<ArrayBuffer>
  /** Which sequence of its tree a token belongs to, counted from 1; 0 where all share it. */
  readonly branch: BigInt64Array<ArrayBuffer>
  /** Index of the token before each predicted token. Shapes: [selected]. */
  readonly select: BigInt64Array<ArrayBuffer>
  /** The predicted tokens. Shapes: [selected]. */
  readonly targets: BigInt64Array<ArrayBuffer>
  /** 1 where the loss is taken. Shapes: [selected]. */
  readonly learned: Uint8Array
  /** Where each sequence begins in `select`, and after the last one where it ends. Shapes: [sequences + 1]. */
  readonly starts: Int32Array
  /** Index of the last token of each sequence. Shapes: [sequences]. */
  readonly last: BigInt64Array<ArrayBuffer>
  /** Tokens that stand somewhere. Units: tokens. */
  readonly filled: number
}

/** A tree and where its tokens stand; `document` counts the trees of its row. */
export interface Placed {
  readonly document: number
  readonly tree: Tree
  /** Index of the first shared token. */
  readonly shared: number
  /** Index of the first token that a sequence has for itself. */
  readonly own: ReadonlyArray<number>
}

/** A tree whose tokens stand one after another: what is shared, then each sequence. */
export const inOneRow = (tree: Tree, at: { readonly base: number; readonly document: number }): Placed => {
  const own: Array<number> = []
  let next = at.base + tree.shared
  for (const { ids } of tree.sequences) {
    own.push(next)
    next += ids.length - tree.shared
  }
  return { document: at.document, tree, shared: at.base, own }
}

/** Index of token `i` of sequence `which` of a placed tree. */
export const placeOf = ({ own, shared, tree }: Placed, which: number, i: number): number =>
  i < tree.shared ? shared + i : (own[which] ?? 0) + i - tree.shared

const tokensAt = (placed: ReadonlyArray<Placed>, size: number) => {
  const tokens = {
    ids: new BigInt64Array(size),
    positions: new BigInt64Array(size),
    document: new BigInt64Array(size).fill(-1n),
    branch: new BigInt64Array(size)
  }
  for (const each of placed) {
    each.tree.sequences.forEach(({ ids }, which) => {
      ids.forEach((id, i) => {
        const at = placeOf(each, which, i)
        tokens.ids[at] = BigInt(id)
        tokens.positions[at] = BigInt(i)
        tokens.document[at] = BigInt(each.document)
        tokens.branch[at] = i < each.tree.shared ? 0n : BigInt(which + 1)
      })
    })
  }
  return tokens
}

/** What is predicted, in the order of the sequences. */
const predictions = (placed: ReadonlyArray<Placed>, predict: "learned" | "all") => {
  const select: Array<bigint> = []
  const targets: Array<bigint> = []
  const learned: Array<number> = []
  const starts = [0]
  const last: Array<bigint> = []
  for (const each of placed) {
    each.tree.sequences.forEach((sequence, which) => {
      sequence.ids.forEach((id, i) => {
        if (i === 0 || (predict === "learned" && !isLearned(sequence, i))) return
        select.push(BigInt(placeOf(each, which, i - 1)))
        targets.push(BigInt(id))
        learned.push(isLearned(sequence, i) ? 1 : 0)
      })
      starts.push(select.length)
      last.push(BigInt(placeOf(each, which, sequence.ids.length - 1)))
    })
  }
  return {
    select: BigInt64Array.from(select),
    targets: BigInt64Array.from(targets),
    learned: Uint8Array.from(learned),
    starts: Int32Array.from(starts),
    last: BigInt64Array.from(last),
    filled: placed.reduce((sum, { tree }) => sum + tree.size, 0)
  }
}

/**
 * Tokens and predictions of trees at their places.
 *
 * Domain   `predict: "learned"` selects the tokens of the loss, "all" every token that has one before it.
 */
export const place = (
  placed: ReadonlyArray<Placed>,
  options: { readonly size: number; readonly predict: "learned" | "all" }
): Placement => ({ ...tokensAt(placed, options.size), ...predictions(placed, options.predict) })
