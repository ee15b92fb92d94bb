import { learnedCount, treesOf, type TreeShape } from "../../model/mod.ts"
import { type Encoded, sequencesOf } from "../objective/mod.ts"

/** What of an example its place in a strip, and the memory that it takes there, depend on. */
export interface RowShape {
  readonly trees: ReadonlyArray<TreeShape>
  /** Units: learned tokens of all sequences. */
  readonly learned: number
}

/** The shapes of examples, each made when it is asked for. */
export interface RowShapes {
  readonly length: number
  readonly at: (row: number) => RowShape
}

/** The shape of an example. */
export const shapeOf = (example: Encoded): RowShape => {
  const sequences = sequencesOf(example)
  return {
    trees: treesOf(sequences),
    learned: sequences.reduce((sum, sequence) => sum + learnedCount(sequence), 0)
  }
}

/** Tokens that an example takes in a row: the longest of its trees. */
export const rowLength = ({ trees }: RowShape): number =>
  trees.reduce((longest, { size }) => Math.max(longest, size), 0)

/** The lengths of all rows. Units: tokens. */
export const rowLengths = ({ at, length }: RowShapes): Int32Array =>
  Int32Array.from({ length }, (_, row) => rowLength(at(row)))

const greatest = (all: ReadonlyArray<RowShapes>, of: (shape: RowShape) => number): number => {
  let found = 1
  for (const { at, length } of all) for (let row = 0; row < length; row++) found = Math.max(found, of(at(row)))
  return found
}

/** The longest row, at least one token. Units: tokens. */
export const longestRow = (all: ReadonlyArray<RowShapes>): number => greatest(all, rowLength)

/** The longest prompt with its response, at least one token. Units: tokens. */
export const longestSequence = (all: ReadonlyArray<RowShapes>): number =>
  greatest(all, ({ trees }) => trees.reduce((longest, { lengths }) => Math.max(longest, ...lengths), 0))
