import type { Sequence } from "./Sequence.ts"

/** What of a tree its place depends on. Units: tokens. */
export interface TreeShape {
  /** Number of ids that all sequences share. */
  readonly shared: number
  /** Of each sequence, with what it shares. */
  readonly lengths: ReadonlyArray<number>
  /** What the tree takes in a row. */
  readonly size: number
}

/** Sequences that begin alike: the ids they share stand once, then each goes on alone. */
export interface Tree extends TreeShape {
  readonly sequences: ReadonlyArray<Sequence>
}

/** The shape of a tree of sequences of these lengths, `shared` ids of each in common. Units: tokens. */
export const treeShape = (shared: number, lengths: ReadonlyArray<number>): TreeShape => ({
  shared,
  lengths,
  size: lengths.reduce((size, length) => size + length - shared, shared)
})

/** Whether two sequences begin with the same prompt. */
export const sharesPrompt = (first: Sequence, other: Sequence): boolean =>
  first.promptLength === other.promptLength &&
  first.ids.subarray(0, first.promptLength).every((id, i) => id === other.ids[i])

/** Sequences of one prompt as a tree. */
export const treeOf = (sequences: ReadonlyArray<Sequence>): Tree => {
  const shared = sequences.length > 1 ? (sequences[0]?.promptLength ?? 0) : 0
  const lengths = sequences.map(({ ids }) => ids.length)
  return { ...treeShape(shared, lengths), sequences }
}

/** The responses of one example as trees: one tree if all have the same prompt, else one for each. */
export const treesOf = (sequences: ReadonlyArray<Sequence>): ReadonlyArray<Tree> => {
  const [first] = sequences
  return first && sequences.every((sequence) => sharesPrompt(first, sequence))
    ? [treeOf(sequences)]
    : sequences.map((sequence) => treeOf([sequence]))
}
