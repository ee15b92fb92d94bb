import { isLearned, type Sequence } from "./Sequence.ts"
import { packTrees, type Tree, treesOf } from "./Tree.ts"

/** Sequences laid out as the inputs of the graphs over whole sequences. */
export interface Block {
  readonly rows: number
  readonly tokens: number
  /** Shapes: [rows, tokens], 0 where nothing stands, which no real token sees. */
  readonly ids: BigInt64Array<ArrayBuffer>
  /** Place of each token in its own sequence. Shapes: [rows, tokens]. */
  readonly positions: BigInt64Array<ArrayBuffer>
  /** Which tree of its row a token belongs to; −1 where nothing stands. Shapes: [rows, tokens]. */
  readonly document: BigInt64Array<ArrayBuffer>
  /** Which sequence of its tree a token belongs to, counted from 1; 0 where all share it. Shapes: [rows, tokens]. */
  readonly branch: BigInt64Array<ArrayBuffer>
  /** Flat index of the token before each predicted token. Shapes: [selected]. */
  readonly select: BigInt64Array<ArrayBuffer>
  /** The predicted tokens. Shapes: [selected]. */
  readonly targets: BigInt64Array<ArrayBuffer>
  /** 1 where the loss is taken. Shapes: [selected]. */
  readonly learned: Uint8Array
  /** Where each sequence begins in `select`, and after the last one where it ends. Shapes: [sequences + 1]. */
  readonly starts: Int32Array
  /** Flat index of the last token of each sequence. Shapes: [sequences]. */
  readonly last: BigInt64Array<ArrayBuffer>
  /** Tokens that stand in the block. Units: tokens. */
  readonly filled: number
}

interface Placed {
  /** Flat index of the tree's first token. */
  readonly base: number
  readonly tree: Tree
}

/** Flat index of token `i` of sequence `which` of a placed tree. */
const placeOf = ({ base, tree }: Placed, which: number, i: number): number => {
  if (i < tree.shared) return base + i
  const before = tree.sequences.slice(0, which).reduce((sum, { ids }) => sum + ids.length - tree.shared, 0)
  return base + before + i
}

/**
 * Lays examples into rows: sequences of one example share their prompt, several examples share a row.
 *
 * Units    `capacity` of a row in tokens: at least, and by default, the longest example.
 * Domain   `predict: "learned"` selects the tokens of the loss, "all" every token that has one before it.
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
  const size = rows.length * tokens
  const block = {
    ids: new BigInt64Array(size),
    positions: new BigInt64Array(size),
    document: new BigInt64Array(size).fill(-1n),
    branch: new BigInt64Array(size)
  }
  const placed: Array<Placed> = []
  rows.forEach((members, row) => {
    let base = row * tokens
    members.forEach((member, document) => {
      const tree = trees[member]
      if (!tree) return
      placed[member] = { base, tree }
      block.document.fill(BigInt(document), base, base + tree.size)
      base += tree.size
    })
  })
  for (const each of placed) {
    each.tree.sequences.forEach(({ ids }, which) => {
      ids.forEach((id, i) => {
        const at = placeOf(each, which, i)
        block.ids[at] = BigInt(id)
        block.positions[at] = BigInt(i)
        block.branch[at] = i < each.tree.shared ? 0n : BigInt(which + 1)
      })
    })
  }
  return { rows: rows.length, tokens, ...block, ...predictions(placed, options.predict ?? "learned") }
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
 * What each predicted token counts in the sum of each sequence.
 *
 * Shapes   [sequences.length, selected]; 0 outside the sequence, by default 1 where the loss is taken. `weightOf` gets the
 *          place in `select`, where the sequence begins there, and which of `sequences` it is.
 */
export const membership = (
  block: Block,
  sequences: ReadonlyArray<number>,
  weightOf: (select: number, start: number, group: number) => number = (at) => block.learned[at] ?? 0
): Float32Array<ArrayBuffer> => {
  const selected = block.select.length
  const member = new Float32Array(sequences.length * selected)
  sequences.forEach((sequence, group) => {
    const start = block.starts[sequence] ?? 0
    for (let at = start; at < (block.starts[sequence + 1] ?? 0); at++) {
      member[group * selected + at] = weightOf(at, start, group)
    }
  })
  return member
}
